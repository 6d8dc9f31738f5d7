package hello;

public record Item(int id, String name, boolean inStock) {}
