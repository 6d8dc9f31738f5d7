package hello;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** Quarkus sorts by name what is given no order. */
@JsonPropertyOrder({"id", "name", "inStock"})
public record Item(int id, String name, boolean inStock) {}
