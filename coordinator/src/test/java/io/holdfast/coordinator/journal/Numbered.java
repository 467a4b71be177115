package io.holdfast.coordinator.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values by number, so that worlds are small and quickly compared. */
final class Numbered<T> {
  private final Map<T, Integer> numbers = new HashMap<>();
  private final List<T> values = new ArrayList<>();

  int of(T value) {
    return numbers.computeIfAbsent(
        value,
        fresh -> {
          values.add(fresh);
          return values.size() - 1;
        });
  }

  T get(int number) {
    return values.get(number);
  }
}
