package hello;

import io.micronaut.serde.annotation.Serdeable;

@Serdeable
public record ApplicationInfo(String name, int releaseYear) {}
