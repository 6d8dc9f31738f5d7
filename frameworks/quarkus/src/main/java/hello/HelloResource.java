package hello;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Year;

@Path("/hello")
public class HelloResource {
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public ApplicationInfo hello() {
    return new ApplicationInfo(System.getenv("NAME"), Year.now().getValue());
  }
}
