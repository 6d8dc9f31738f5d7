package hello;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Year;
import java.util.List;
import java.util.stream.IntStream;

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
        .toList();
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
  public Uni<ApplicationInfo> await(@QueryParam("ms") @DefaultValue("20") String ms) {
    int time = number("ms", ms, 10_000);
    Uni<ApplicationInfo> hello = Uni.createFrom().item(this::hello);
    return time == 0 ? hello : hello.onItem().delayIt().by(Duration.ofMillis(time));
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
