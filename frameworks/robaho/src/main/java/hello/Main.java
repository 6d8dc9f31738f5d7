package hello;

import io.avaje.jex.Jex;
import java.time.Year;

public final class Main {
  public static void main(String[] args) {
    String name = System.getenv("NAME");
    Jex.create()
        .get("/hello", ctx -> ctx.json(new ApplicationInfo(name, Year.now().getValue())))
        .port(Integer.parseInt(System.getenv("PORT")))
        .start();
  }
}
