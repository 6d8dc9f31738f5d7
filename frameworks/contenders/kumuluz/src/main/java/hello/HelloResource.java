package hello;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Year;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.ws.rs.BadRequestException;
import javax.ws.rs.Consumes;
import javax.ws.rs.DefaultValue;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;

@Path("/")
public class HelloResource {
  @GET
  @Path("/hello")
  @Produces(MediaType.APPLICATION_JSON)
  public ApplicationInfo hello() {
    return new ApplicationInfo(System.getenv("NAME"), Year.now().getValue());
  }

  @GET
  @Path("/json")
  @Produces(MediaType.APPLICATION_JSON)
  public List<Item> json(@QueryParam("n") @DefaultValue("50") String n) {
    return IntStream.rangeClosed(1, number("n", n, 10_000))
        .mapToObj(id -> new Item(id, "item " + id, id % 2 == 0))
        .collect(Collectors.toList());
  }

  @POST
  @Path("/echo")
  @Consumes(MediaType.WILDCARD)
  public Response echo(@HeaderParam(HttpHeaders.CONTENT_TYPE) String kind, byte[] body) {
    return Response.ok(body).header(HttpHeaders.CONTENT_TYPE, kind).build();
  }

  @GET
  @Path("/wait")
  @Produces(MediaType.APPLICATION_JSON)
  public CompletionStage<ApplicationInfo> await(@QueryParam("ms") @DefaultValue("20") String ms) {
    return CompletableFuture.supplyAsync(
        this::hello,
        CompletableFuture.delayedExecutor(number("ms", ms, 10_000), MILLISECONDS));
  }

  @GET
  @Path("/work")
  @Produces(MediaType.APPLICATION_JSON)
  public Work work(@QueryParam("rounds") @DefaultValue("1000000") String rounds) {
    return new Work(fnv(number("rounds", rounds, 1_000_000_000)));
  }

  /** A number from 0 to the greatest; one that JAX-RS converts would be answered with 404. */
  private static int number(String name, String text, int greatest) {
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
