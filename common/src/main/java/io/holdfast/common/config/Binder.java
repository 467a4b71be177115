package io.holdfast.common.config;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.yaml.NearestKey;
import io.holdfast.common.yaml.Node;
import io.holdfast.common.yaml.Origin;
import io.holdfast.common.yaml.Problems;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Fills records from a tree, noting every problem and every value's origin. Goes on after a problem
 * with null in the value's place; a record any of whose values failed isn't built. For one load.
 */
final class Binder {
  private static final Origin DEFAULT = Origin.words("default");

  private final Variables variables;
  private final Map<String, ConfigOverride> overrides = new HashMap<>();
  private final Problems problems;
  private final List<EffectiveValue> effective = new ArrayList<>();

  Binder(Variables variables, List<ConfigOverride> overrides, Problems problems) {
    this.variables = variables;
    overrides.forEach(override -> this.overrides.put(override.key(), override));
    this.problems = problems;
  }

  List<EffectiveValue> effective() {
    return effective;
  }

  <T> T bindTop(Class<T> type, Node.Mapping tree) {
    Map<String, Node.Entry> entries = new LinkedHashMap<>(tree.entries());
    entries.remove(ConfigLoader.VERSION_KEY);
    return bind(type, new Node.Mapping(tree.origin(), entries), "");
  }

  private <T> T bind(Class<T> type, Node.Mapping mapping, String prefix) {
    List<SettingKey> keys = SettingKey.of(type);
    refuseUnknown(keys, mapping, prefix);
    List<Object> values = new ArrayList<>();
    for (SettingKey key : keys) {
      values.add(value(key, mapping, prefix));
    }
    return values.contains(null) ? null : construct(type, values, mapping.origin());
  }

  private void refuseUnknown(List<SettingKey> keys, Node.Mapping mapping, String prefix) {
    Set<String> known = new TreeSet<>();
    for (SettingKey key : keys) {
      known.add(key.name());
      if (key.isSecret()) {
        known.add(key.name() + SettingKey.FILE_SUFFIX);
      }
    }
    mapping
        .entries()
        .forEach((name, entry) -> {
          if (!known.contains(name)) {
            problems.add(entry.origin(), unknown(prefix + name, name, known));
          }
        });
  }

  private static String unknown(String fullName, String name, Set<String> known) {
    return "unknown key \""
        + fullName
        + "\""
        + NearestKey.find(name, known)
            .map(nearest -> "; did you mean \"" + nearest + "\"?")
            .orElse("; known here: " + String.join(", ", known));
  }

  private Object value(SettingKey key, Node.Mapping mapping, String prefix) {
    String fullName = prefix + key.name();
    Node.Entry entry = mapping.entries().get(key.name());
    if (key.isSection()) {
      return section(key, fullName, entry, mapping.origin());
    }
    ConfigOverride override = overrides.get(fullName);
    if (override != null) {
      Origin origin = Origin.words(override.origin());
      return present(key, fullName, new Node.Scalar(origin, override.text()));
    }
    if (key.isSecret()) {
      return secret(key, fullName, mapping);
    }
    return entry == null
        ? absent(key, fullName, mapping.origin())
        : present(key, fullName, entry.value());
  }

  private Object section(SettingKey key, String fullName, Node.Entry entry, Origin parent) {
    if (entry == null || entry.value() instanceof Node.Nothing) {
      return bind(key.item(), new Node.Mapping(parent, Map.of()), fullName + ".");
    }
    if (entry.value() instanceof Node.Mapping mapping) {
      return bind(key.item(), mapping, fullName + ".");
    }
    problems.add(
        entry.origin(),
        "\"" + fullName + "\" is a section of keys, got " + entry.value().described());
    return null;
  }

  private Object absent(SettingKey key, String fullName, Origin parent) {
    if (key.setting().required()) {
      problems.add(parent, "\"" + fullName + "\" is missing: " + key.setting().doc());
      return null;
    }
    String text = key.setting().byDefault();
    Object value = defaultValue(key, text);
    note(fullName, key, value, DEFAULT);
    return value;
  }

  private static Object defaultValue(SettingKey key, String text) {
    return switch (key.shape()) {
      case SCALAR -> key.valueType().read(text);
      case OPTIONAL -> text.isEmpty() ? Optional.empty() : Optional.of(key.valueType().read(text));
      case LIST -> itemsOf(key, text);
      case MAP -> Map.of();
      case SECTION -> throw new IllegalStateException(key.name() + " is a section");
    };
  }

  private static List<Object> itemsOf(SettingKey key, String commaSeparated) {
    List<Object> items = new ArrayList<>();
    for (String item : commaSeparated.split(",", -1)) {
      if (!item.isBlank()) {
        items.add(key.valueType().read(item.strip()));
      }
    }
    return List.copyOf(items);
  }

  /** A secret stands in the file itself or, by {@code <key>_file}, in one of its own. */
  private Object secret(SettingKey key, String fullName, Node.Mapping mapping) {
    Node.Entry inline = mapping.entries().get(key.name());
    Node.Entry elsewhere = mapping.entries().get(key.name() + SettingKey.FILE_SUFFIX);
    if (inline != null && elsewhere != null) {
      problems.add(
          elsewhere.origin(),
          "\"" + fullName + "\" and \"" + fullName + SettingKey.FILE_SUFFIX + "\" are both given");
      return null;
    }
    if (elsewhere != null) {
      return secretFrom(key, fullName, elsewhere.value());
    }
    return inline == null
        ? absent(key, fullName, mapping.origin())
        : present(key, fullName, inline.value());
  }

  private Object secretFrom(SettingKey key, String fullName, Node file) {
    Object path = scalar(ValueType.find(Path.class).orElseThrow(), fullName + "_file", file);
    if (path == null) {
      return null;
    }
    try {
      SecretText secret = new SecretText(ConfigLoader.readText((Path) path).stripTrailing());
      Object value = key.shape() == SettingKey.Shape.OPTIONAL ? Optional.of(secret) : secret;
      note(fullName, key, value, file.origin());
      return value;
    } catch (HoldfastException e) {
      problems.add(file.origin(), e.getMessage());
      return null;
    }
  }

  private Object present(SettingKey key, String fullName, Node node) {
    if (node instanceof Node.Nothing) {
      problems.add(
          node.origin(), "\"" + fullName + "\" has no value: write one, or remove the line");
      return null;
    }
    Object value =
        switch (key.shape()) {
          case SCALAR -> item(key, fullName, node);
          case OPTIONAL -> optional(key, fullName, node);
          case LIST -> list(key, fullName, node);
          case MAP -> map(key, fullName, node);
          case SECTION -> throw new IllegalStateException(fullName + " is a section");
        };
    if (value != null) {
      note(fullName, key, value, node.origin());
    }
    return value;
  }

  /** The empty text stands for no value, as the reference shows it. */
  private Object optional(SettingKey key, String fullName, Node node) {
    if (node instanceof Node.Scalar scalar && scalar.text().isEmpty()) {
      return Optional.empty();
    }
    Object value = item(key, fullName, node);
    return value == null ? null : Optional.of(value);
  }

  private Object list(SettingKey key, String fullName, Node node) {
    if (!(node instanceof Node.Sequence sequence)) {
      problems.add(node.origin(), "\"" + fullName + "\" is a list, got " + node.described());
      return null;
    }
    List<Object> items = new ArrayList<>();
    for (Node each : sequence.items()) {
      items.add(item(key, fullName, each));
    }
    return items.contains(null) ? null : List.copyOf(items);
  }

  private Object map(SettingKey key, String fullName, Node node) {
    if (!(node instanceof Node.Mapping mapping)) {
      problems.add(node.origin(), "\"" + fullName + "\" holds keys, got " + node.described());
      return null;
    }
    Map<String, Object> items = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach((name, e) -> items.put(name, item(key, fullName + "." + name, e.value())));
    return items.containsValue(null) ? null : Map.copyOf(items);
  }

  private Object item(SettingKey key, String fullName, Node node) {
    Object value = scalar(key.valueType(), fullName, node);
    if (value == null) {
      return null;
    }
    Optional<String> outside =
        key.valueType().outOfBounds(value, key.setting().min(), key.setting().max());
    outside.ifPresent(why -> problems.add(node.origin(), "\"" + fullName + "\": " + why));
    return outside.isPresent() ? null : value;
  }

  private Object scalar(ValueType<?> type, String fullName, Node node) {
    if (!(node instanceof Node.Scalar scalar)) {
      problems.add(
          node.origin(),
          "\"" + fullName + "\": expected " + type.described() + ", got " + node.described());
      return null;
    }
    try {
      return type.read(variables.replaceIn(scalar.text()));
    } catch (IllegalArgumentException e) {
      problems.add(node.origin(), "\"" + fullName + "\": " + e.getMessage());
      return null;
    }
  }

  private void note(String fullName, SettingKey key, Object value, Origin origin) {
    effective.add(new EffectiveValue(fullName, print(key, value), origin.toString()));
  }

  private static String print(SettingKey key, Object value) {
    ValueType<?> type = key.valueType();
    return switch (value) {
      case Optional<?> optional -> optional.map(type::write).orElse("");
      case List<?> list -> list.stream().map(type::write).toList().toString();
      case Map<?, ?> map -> new TreeMap<>(map).toString();
      default -> type.write(value);
    };
  }

  private <T> T construct(Class<T> type, List<Object> values, Origin origin) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException complaint)) {
        throw new IllegalStateException("building " + type, e);
      }
      problems.add(origin, complaint.getMessage());
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " isn't a public record", e);
    }
  }
}
