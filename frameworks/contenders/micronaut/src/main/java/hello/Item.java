package hello;

import io.micronaut.serde.annotation.Serdeable;

@Serdeable
public record Item(int id, String name, boolean inStock) {}
