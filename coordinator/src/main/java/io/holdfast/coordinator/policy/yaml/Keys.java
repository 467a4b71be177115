package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.unit.Durations;
import io.holdfast.common.yaml.Node;
import io.holdfast.common.yaml.Origin;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping while it is written, in the order in which keys are put. */
final class Keys {
  private static final Origin WRITTEN = Origin.words("written");

  private final Map<String, Node.Entry> entries = new LinkedHashMap<>();

  Keys put(String key, Node value) {
    entries.put(key, new Node.Entry(WRITTEN, value));
    return this;
  }

  Keys put(String key, Object value) {
    return put(key, scalar(value.toString()));
  }

  Keys put(String key, Duration value) {
    return put(key, Durations.exact(value));
  }

  Keys put(String key, Optional<?> value) {
    value.ifPresent(present -> {
      switch (present) {
        case Node node -> put(key, node);
        case Duration duration -> put(key, duration);
        default -> put(key, present);
      }
    });
    return this;
  }

  /** Nothing for an empty list. */
  Keys putTexts(String key, List<String> texts) {
    return putItems(key, texts.stream().<Node>map(Keys::scalar).toList());
  }

  /** Nothing for an empty list. */
  Keys putItems(String key, List<? extends Node> items) {
    return items.isEmpty() ? this : put(key, new Node.Sequence(WRITTEN, List.copyOf(items)));
  }

  /** Nothing for an empty section. */
  Keys putSome(String key, Keys section) {
    return section.entries.isEmpty() ? this : put(key, section.node());
  }

  Node.Mapping node() {
    return new Node.Mapping(WRITTEN, entries);
  }

  private static Node.Scalar scalar(String text) {
    return new Node.Scalar(WRITTEN, text);
  }
}
