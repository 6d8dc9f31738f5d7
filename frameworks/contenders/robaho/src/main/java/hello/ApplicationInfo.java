package hello;

import io.avaje.jsonb.Json;

@Json
public record ApplicationInfo(String name, int releaseYear) {}
