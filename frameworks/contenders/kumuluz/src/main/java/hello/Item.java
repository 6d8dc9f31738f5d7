package hello;

import javax.json.bind.annotation.JsonbPropertyOrder;

@JsonbPropertyOrder({"id", "name", "inStock"})
public class Item {
  private final int id;
  private final String name;
  private final boolean inStock;

  Item(int id, String name, boolean inStock) {
    this.id = id;
    this.name = name;
    this.inStock = inStock;
  }

  public int getId() {
    return id;
  }

  public String getName() {
    return name;
  }

  public boolean isInStock() {
    return inStock;
  }
}
