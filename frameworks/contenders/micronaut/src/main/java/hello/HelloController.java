package hello;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.micronaut.context.annotation.Value;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.exceptions.HttpStatusException;
import java.time.Year;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

@Controller
public class HelloController {
  private final String name;

  HelloController(@Value("${NAME}") String name) {
    this.name = name;
  }

  @Get("/hello")
  public ApplicationInfo hello() {
    return new ApplicationInfo(name, Year.now().getValue());
  }

  @Get("/json")
  public List<Item> json(@QueryValue(defaultValue = "50") int n) {
    check("n", n, 10_000);
    return IntStream.rangeClosed(1, n)
        .mapToObj(id -> new Item(id, "item " + id, id % 2 == 0))
        .toList();
  }

  @Post("/echo")
  @Consumes(MediaType.ALL)
  public HttpResponse<byte[]> echo(
      @Nullable @Header(HttpHeaders.CONTENT_TYPE) String kind, @Nullable @Body byte[] body) {
    MutableHttpResponse<byte[]> reply = HttpResponse.ok(body == null ? new byte[0] : body);
    return kind == null ? reply : reply.header(HttpHeaders.CONTENT_TYPE, kind);
  }

  @Get("/wait")
  public CompletableFuture<ApplicationInfo> await(@QueryValue(defaultValue = "20") int ms) {
    check("ms", ms, 10_000);
    return CompletableFuture.supplyAsync(
        this::hello, CompletableFuture.delayedExecutor(ms, MILLISECONDS));
  }

  @Get("/work")
  public Work work(@QueryValue(defaultValue = "1000000") int rounds) {
    check("rounds", rounds, 1_000_000_000);
    return new Work(fnv(rounds));
  }

  private static void check(String name, int value, int greatest) {
    if (value < 0 || value > greatest) {
      throw new HttpStatusException(
          HttpStatus.BAD_REQUEST, name + ": a number from 0 to " + greatest);
    }
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
