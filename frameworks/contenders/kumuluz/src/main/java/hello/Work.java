package hello;

public class Work {
  private final long hash;

  Work(long hash) {
    this.hash = hash;
  }

  public long getHash() {
    return hash;
  }
}
