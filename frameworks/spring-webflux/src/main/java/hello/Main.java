package hello;

import java.time.Year;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
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
}
