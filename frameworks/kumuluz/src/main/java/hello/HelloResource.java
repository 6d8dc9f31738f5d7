package hello;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import java.time.Year;

@Path("/hello")
public class HelloResource {
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public ApplicationInfo hello() {
    return new ApplicationInfo(System.getenv("NAME"), Year.now().getValue());
  }
}
