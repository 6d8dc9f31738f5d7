package hello;

/** JSON-B 1.0 reads getters; the accessors of a record are none. */
public class ApplicationInfo {
  private final String name;
  private final int releaseYear;

  ApplicationInfo(String name, int releaseYear) {
    this.name = name;
    this.releaseYear = releaseYear;
  }

  public String getName() {
    return name;
  }

  public int getReleaseYear() {
    return releaseYear;
  }
}
