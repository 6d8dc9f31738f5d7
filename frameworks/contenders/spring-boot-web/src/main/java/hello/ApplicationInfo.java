package hello;

public record ApplicationInfo(String name, int releaseYear) {}
