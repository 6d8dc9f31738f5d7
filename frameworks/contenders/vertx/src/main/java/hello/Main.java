package hello;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Year;
import java.util.OptionalInt;

public final class Main extends VerticleBase {
  private static final String NAME = System.getenv("NAME");

  public static void main(String[] args) {
    // One instance runs on one event loop; this is how a server uses all cores.
    int instances = Runtime.getRuntime().availableProcessors();
    Vertx.vertx()
        .deployVerticle(Main::new, new DeploymentOptions().setInstances(instances))
        .onFailure(
            problem -> {
              problem.printStackTrace();
              System.exit(1);
            });
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    router.get("/hello").handler(this::hello);
    router.get("/json").handler(this::json);
    // The handler of bodies keeps no uploads on disk.
    router.post("/echo").handler(BodyHandler.create(false)).handler(this::echo);
    router.get("/wait").handler(this::await);
    router.get("/work").handler(this::work);
    return vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(Integer.parseInt(System.getenv("PORT")));
  }

  private void hello(RoutingContext request) {
    request.json(new JsonObject().put("name", NAME).put("releaseYear", Year.now().getValue()));
  }

  private void json(RoutingContext request) {
    parameter(request, "n", 50, 10_000)
        .ifPresent(
            n -> {
              JsonArray items = new JsonArray();
              for (int id = 1; id <= n; id++) {
                items.add(
                    new JsonObject()
                        .put("id", id)
                        .put("name", "item " + id)
                        .put("inStock", id % 2 == 0));
              }
              request.json(items);
            });
  }

  private void echo(RoutingContext request) {
    String kind = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (kind != null) {
      request.response().putHeader(HttpHeaders.CONTENT_TYPE, kind);
    }
    Buffer body = request.body().buffer();
    request.end(body == null ? Buffer.buffer() : body);
  }

  private void await(RoutingContext request) {
    parameter(request, "ms", 20, 10_000)
        .ifPresent(
            ms -> {
              if (ms == 0) { // a timer takes 1 ms at least
                hello(request);
              } else {
                vertx.setTimer(ms, timer -> hello(request));
              }
            });
  }

  private void work(RoutingContext request) {
    parameter(request, "rounds", 1_000_000, 1_000_000_000)
        .ifPresent(rounds -> request.json(new JsonObject().put("hash", fnv(rounds))));
  }

  /** A number from 0 to the greatest in the query; any other is answered with 400. */
  private static OptionalInt parameter(
      RoutingContext request, String name, int otherwise, int greatest) {
    String text = request.queryParams().get(name);
    if (text == null) {
      return OptionalInt.of(otherwise);
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= greatest) {
        return OptionalInt.of(value);
      }
    } catch (NumberFormatException e) {
      // Answered as a number out of range is.
    }
    request.fail(400);
    return OptionalInt.empty();
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
