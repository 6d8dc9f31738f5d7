package hello;

import io.micronaut.serde.annotation.Serdeable;

@Serdeable
public record Work(long hash) {}
