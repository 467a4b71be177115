package io.holdfast.coordinator.policy;

import java.util.List;

/**
 * What to protect, when, how long, how safe, how fast back. Complete: what a document says once for
 * all its data classes stands in each of them here.
 *
 * @param description for people, may be empty
 * @param dataClasses in the document's order; one called {@link DataClass#ONLY} if it names none
 */
public record Policy(
    String name, String description, Selector selector, List<DataClass> dataClasses) {
  public Policy {
    dataClasses = List.copyOf(dataClasses);
  }

  /** Whether it was written without data classes. */
  public boolean isPlain() {
    return dataClasses.size() == 1 && dataClasses.getFirst().name().equals(DataClass.ONLY);
  }
}
