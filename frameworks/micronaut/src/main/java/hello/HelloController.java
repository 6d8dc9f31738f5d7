package hello;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.time.Year;

@Controller("/hello")
public class HelloController {
  private final String name;

  HelloController(@Value("${NAME}") String name) {
    this.name = name;
  }

  @Get
  public ApplicationInfo hello() {
    return new ApplicationInfo(name, Year.now().getValue());
  }
}
