package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.yaml.NearestKey;
import io.holdfast.common.yaml.Node;
import io.holdfast.common.yaml.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A mapping of a document while it is read. A key is known by being asked for, and {@link #finish}
 * refuses the others. A value that is wrong is a problem and absent: reading goes on.
 */
final class Section {
  private static final int ITEMS_MAX = 1_000;

  /** How a scalar is read. HoldfastException or IllegalArgumentException says what is wrong. */
  interface Form<T> {
    T read(String text);
  }

  private final Reading reading;
  private final String path;
  private final Node.Mapping mapping;
  private final Set<String> known = new TreeSet<>();

  private Section(Reading reading, String path, Node.Mapping mapping) {
    this.reading = reading;
    this.path = path;
    this.mapping = mapping;
  }

  /** A document as a whole; absent if it isn't keys and values. */
  static Optional<Section> document(Reading reading, Node node) {
    if (node instanceof Node.Mapping mapping) {
      return Optional.of(new Section(reading, "", mapping));
    }
    reading.problems().add(node.origin(), "expected keys and values, got " + node.described());
    return Optional.empty();
  }

  Origin origin() {
    return mapping.origin();
  }

  /** Where {@code key} stands, or this section if it doesn't. */
  Origin origin(String key) {
    return has(key) ? mapping.entries().get(key).origin() : origin();
  }

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /** The keys that stand here, in order. */
  Collection<String> keys() {
    return mapping.entries().keySet();
  }

  void problem(String key, String message) {
    reading.problems().add(origin(key), "\"" + name(key) + "\": " + message);
  }

  /** A problem of the section as a whole, whose name comes first. */
  void problemHere(String message) {
    reading.problems().add(origin(), "\"" + path + "\" " + message);
  }

  boolean isEmptyList(String key) {
    return has(key)
        && mapping.entries().get(key).value() instanceof Node.Sequence sequence
        && sequence.items().isEmpty();
  }

  /** A problem of the section itself unless {@code key} stands here. */
  void require(String key, String what) {
    known(key);
    if (!has(key)) {
      reading.problems().add(origin(), "\"" + name(key) + "\" is missing: " + what);
    }
  }

  /** A scalar. */
  <T> Optional<T> value(String key, Form<T> form) {
    return node(key).flatMap(node -> scalar(name(key), node, form));
  }

  /** A list of scalars; empty if absent. */
  <T> List<T> values(String key, Form<T> form) {
    return items(key).stream().flatMap(item -> scalar(name(key), item, form).stream()).toList();
  }

  /** A mapping of scalars in its order; empty if absent. */
  Map<String, String> texts(String key, Form<String> form) {
    Map<String, String> texts = new LinkedHashMap<>();
    node(key)
        .flatMap(node -> mapping(key, node))
        .ifPresent(inner ->
            inner
                .entries()
                .forEach((name, entry) ->
                    scalar(name(key) + "." + name, entry.value(), form)
                        .ifPresent(text -> texts.put(name, text))));
    return texts;
  }

  /** A section within; {@link #finish} it. */
  Optional<Section> section(String key) {
    return node(key)
        .flatMap(node -> mapping(key, node))
        .map(inner -> new Section(reading, name(key), inner));
  }

  /** A list of sections; empty if absent. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    List<Node> items = items(key);
    for (int index = 0; index < items.size(); index++) {
      String name = name(key) + "[" + (index + 1) + "]";
      if (items.get(index) instanceof Node.Mapping inner) {
        sections.add(new Section(reading, name, inner));
      } else {
        unexpected(name, "keys and values", items.get(index));
      }
    }
    return sections;
  }

  private List<Node> items(String key) {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (!(node.get() instanceof Node.Sequence sequence)) {
      unexpected(name(key), "a list", node.get());
      return List.of();
    }
    if (sequence.items().size() > ITEMS_MAX) {
      problem(key, "it holds more than " + ITEMS_MAX + " items");
      return List.of();
    }
    return sequence.items();
  }

  private Optional<Node.Mapping> mapping(String key, Node node) {
    if (node instanceof Node.Mapping inner) {
      return Optional.of(inner);
    }
    unexpected(name(key), "keys and values", node);
    return Optional.empty();
  }

  private Optional<Node> node(String key) {
    known(key);
    if (!has(key)) {
      return Optional.empty();
    }
    Node.Entry entry = mapping.entries().get(key);
    if (entry.value() instanceof Node.Nothing) {
      reading
          .problems()
          .add(entry.origin(), "\"" + name(key) + "\" has no value: write one, or remove the line");
      return Optional.empty();
    }
    return Optional.of(entry.value());
  }

  private <T> Optional<T> scalar(String name, Node node, Form<T> form) {
    if (!(node instanceof Node.Scalar scalar)) {
      unexpected(name, "one value", node);
      return Optional.empty();
    }
    try {
      return Optional.of(form.read(scalar.text()));
    } catch (HoldfastException | IllegalArgumentException e) {
      reading.problems().add(node.origin(), "\"" + name + "\": " + e.getMessage());
      return Optional.empty();
    }
  }

  private void unexpected(String name, String expected, Node node) {
    reading
        .problems()
        .add(node.origin(), "\"" + name + "\": expected " + expected + ", got " + node.described());
  }

  private void known(String key) {
    known.add(key);
    reading.asked().add(name(key).replaceAll("\\[\\d+]", "[]"));
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Refuses what nobody asked for, naming the nearest key that somebody did. */
  void finish() {
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            reading.problems().add(entry.origin(), unknown(key));
          }
        });
  }

  private String unknown(String key) {
    return "unknown key \""
        + name(key)
        + "\""
        + NearestKey.find(key, known)
            .map(nearest -> "; did you mean \"" + nearest + "\"?")
            .orElse("; known here: " + known.stream().collect(Collectors.joining(", ")));
  }
}
