package hello;

import java.time.Duration;
import java.time.Year;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@SpringBootApplication
@RestController
public class Main {
  private final String name;

  Main(@Value("${NAME}") String name) {
    this.name = name;
  }

  public static void main(String[] args) {
    SpringApplication.run(Main.class, args);
  }

  @GetMapping("/hello")
  Mono<ApplicationInfo> hello() {
    return Mono.just(new ApplicationInfo(name, Year.now().getValue()));
  }

  @GetMapping("/json")
  Mono<List<Item>> json(@RequestParam(name = "n", defaultValue = "50") int n) {
    check("n", n, 10_000);
    return Mono.just(
        IntStream.rangeClosed(1, n)
            .mapToObj(id -> new Item(id, "item " + id, id % 2 == 0))
            .toList());
  }

  /** The body goes back as it comes in; one that is gathered first may have 256 KiB. */
  @PostMapping("/echo")
  ResponseEntity<Flux<DataBuffer>> echo(
      @RequestHeader(name = HttpHeaders.CONTENT_TYPE, required = false) String kind,
      @RequestBody(required = false) Flux<DataBuffer> body) {
    ResponseEntity.BodyBuilder reply = ResponseEntity.ok();
    if (kind != null) {
      reply.header(HttpHeaders.CONTENT_TYPE, kind);
    }
    return reply.body(body);
  }

  @GetMapping("/wait")
  Mono<ApplicationInfo> await(@RequestParam(name = "ms", defaultValue = "20") int ms) {
    check("ms", ms, 10_000);
    return Mono.delay(Duration.ofMillis(ms)).flatMap(elapsed -> hello());
  }

  @GetMapping("/work")
  Mono<Work> work(@RequestParam(name = "rounds", defaultValue = "1000000") int rounds) {
    check("rounds", rounds, 1_000_000_000);
    return Mono.just(new Work(fnv(rounds)));
  }

  private static void check(String name, int value, int greatest) {
    if (value < 0 || value > greatest) {
      throw new ResponseStatusException(
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
