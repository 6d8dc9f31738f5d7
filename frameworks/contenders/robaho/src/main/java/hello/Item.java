package hello;

import io.avaje.jsonb.Json;

@Json
public record Item(int id, String name, boolean inStock) {}
