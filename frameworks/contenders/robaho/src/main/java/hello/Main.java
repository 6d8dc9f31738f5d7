package hello;

import io.avaje.jex.Jex;
import io.avaje.jex.http.BadRequestException;
import io.avaje.jex.http.Context;
import java.time.Year;
import java.util.List;
import java.util.stream.IntStream;

public final class Main {
  private static final String NAME = System.getenv("NAME");

  /** What a body may have in bytes; the default is a little less, 1,000,000. */
  private static final long MAX_BODY = 1 << 20;

  public static void main(String[] args) {
    Jex.create()
        .config(config -> config.maxRequestSize(MAX_BODY))
        .get("/hello", Main::hello)
        .get("/json", Main::json)
        .post("/echo", Main::echo)
        .get("/wait", Main::await)
        .get("/work", Main::work)
        .port(Integer.parseInt(System.getenv("PORT")))
        .start();
  }

  private static void hello(Context ctx) {
    ctx.json(new ApplicationInfo(NAME, Year.now().getValue()));
  }

  private static void json(Context ctx) {
    List<Item> items =
        IntStream.rangeClosed(1, parameter(ctx, "n", 50, 10_000))
            .mapToObj(id -> new Item(id, "item " + id, id % 2 == 0))
            .toList();
    ctx.json(items);
  }

  private static void echo(Context ctx) {
    byte[] body = ctx.bodyAsBytes();
    if (ctx.contentType() != null) {
      ctx.contentType(ctx.contentType());
    }
    ctx.write(body);
  }

  private static void await(Context ctx) throws InterruptedException {
    // Each request has a virtual thread, which costs no other while it sleeps.
    Thread.sleep(parameter(ctx, "ms", 20, 10_000));
    hello(ctx);
  }

  private static void work(Context ctx) {
    ctx.json(new Work(fnv(parameter(ctx, "rounds", 1_000_000, 1_000_000_000))));
  }

  /** A number from 0 to the greatest in the query. */
  private static int parameter(Context ctx, String name, int otherwise, int greatest) {
    String text = ctx.queryParam(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= greatest) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered as a number out of range is.
    }
    throw new BadRequestException(name + ": a number from 0 to " + greatest);
  }

  /**
   * Chains one multiplication after the other, so that its time is the processor's and not the
   * compiler's: FNV-1a over 0, 1, 2 and so on.
   */
  private static long fnv(int rounds) {
    int hash = (int) 2166136261L;
    for (int i = 0; i < rounds; i++) {
      hash = (hash ^ i) * 16777619;
    }
    return Integer.toUnsignedLong(hash);
  }
}
