package hello;

import io.avaje.jsonb.Json;

@Json
public record Work(long hash) {}
