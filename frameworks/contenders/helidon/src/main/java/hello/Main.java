package hello;

import io.helidon.common.mapper.MapperException;
import io.helidon.http.BadRequestException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Year;
import java.util.List;
import java.util.stream.IntStream;

public final class Main {
  private static final String NAME = System.getenv("NAME");

  public static void main(String[] args) {
    WebServer.builder()
        .port(Integer.parseInt(System.getenv("PORT")))
        .routing(
            routing ->
                routing
                    .get("/hello", Main::hello)
                    .get("/json", Main::json)
                    .post("/echo", Main::echo)
                    .get("/wait", Main::await)
                    .get("/work", Main::work))
        .build()
        .start();
  }

  private static void hello(ServerRequest request, ServerResponse reply) {
    reply.send(new ApplicationInfo(NAME, Year.now().getValue()));
  }

  private static void json(ServerRequest request, ServerResponse reply) {
    List<Item> items =
        IntStream.rangeClosed(1, parameter(request, "n", 50, 10_000))
            .mapToObj(id -> new Item(id, "item " + id, id % 2 == 0))
            .toList();
    reply.send(items);
  }

  private static void echo(ServerRequest request, ServerResponse reply) {
    byte[] body = request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
    request.headers().contentType().ifPresent(reply.headers()::contentType);
    reply.send(body);
  }

  private static void await(ServerRequest request, ServerResponse reply)
      throws InterruptedException {
    // Each connection has a virtual thread, which costs no other while it sleeps.
    Thread.sleep(parameter(request, "ms", 20, 10_000));
    hello(request, reply);
  }

  private static void work(ServerRequest request, ServerResponse reply) {
    reply.send(new Work(fnv(parameter(request, "rounds", 1_000_000, 1_000_000_000))));
  }

  /** A number from 0 to the greatest in the query. */
  private static int parameter(ServerRequest request, String name, int otherwise, int greatest) {
    try {
      int value = request.query().first(name).asInt().orElse(otherwise);
      if (value >= 0 && value <= greatest) {
        return value;
      }
    } catch (MapperException e) {
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
