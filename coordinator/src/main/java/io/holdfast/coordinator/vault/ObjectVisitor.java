package io.holdfast.coordinator.vault;

/** Receives the names of a listing one at a time. */
@FunctionalInterface
public interface ObjectVisitor {
  /** Takes the next name; answers whether to go on. */
  boolean visit(ObjectName name);
}
