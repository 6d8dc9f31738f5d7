package hello;

public record Work(long hash) {}
