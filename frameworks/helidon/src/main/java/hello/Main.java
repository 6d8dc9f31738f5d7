package hello;

import io.helidon.webserver.WebServer;
import java.time.Year;

public final class Main {
  public static void main(String[] args) {
    String name = System.getenv("NAME");
    WebServer.builder()
        .port(Integer.parseInt(System.getenv("PORT")))
        .routing(
            routing ->
                routing.get(
                    "/hello",
                    (request, reply) ->
                        reply.send(new ApplicationInfo(name, Year.now().getValue()))))
        .build()
        .start();
  }
}
