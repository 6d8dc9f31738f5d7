package hello;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.Year;

public final class Main extends VerticleBase {
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
    String name = System.getenv("NAME");
    Router router = Router.router(vertx);
    router
        .get("/hello")
        .handler(
            request ->
                request.json(
                    new JsonObject()
                        .put("name", name)
                        .put("releaseYear", Year.now().getValue())));
    return vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(Integer.parseInt(System.getenv("PORT")));
  }
}
