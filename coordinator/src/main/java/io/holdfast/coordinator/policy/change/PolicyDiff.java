package io.holdfast.coordinator.policy.change;

import io.holdfast.common.yaml.Node;
import io.holdfast.common.yaml.YamlWriter;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.yaml.PolicyWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What differs between two policies in meaning: how a document is laid out, what it leaves to a
 * default, and what it says once for several data classes makes no difference.
 */
public final class PolicyDiff {
  private PolicyDiff() {}

  /** In the order of fields; none if the policies are the same but for their names. */
  public static List<FieldChange> of(Policy before, Policy after) {
    Map<String, List<String>> old = fields(before);
    Map<String, List<String>> young = fields(after);
    Set<String> paths = new LinkedHashSet<>(young.keySet());
    paths.addAll(old.keySet());
    List<FieldChange> changes = new ArrayList<>();
    for (String path : paths) {
      compare(path, old.get(path), young.get(path), changes);
    }
    return changes;
  }

  /** A list for each path: of one item for a scalar. */
  private static Map<String, List<String>> fields(Policy policy) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    PolicyWriter.expanded(policy)
        .entries()
        .forEach((key, entry) -> flatten(key, entry.value(), fields));
    return fields;
  }

  private static void flatten(String path, Node node, Map<String, List<String>> out) {
    switch (node) {
      case Node.Mapping mapping ->
          mapping.entries().forEach((key, entry) -> flatten(path + "." + key, entry.value(), out));
      case Node.Sequence sequence -> flatten(path, sequence.items(), out);
      case Node.Scalar scalar -> out.put(path, List.of(scalar(scalar)));
      case Node.Nothing nothing -> out.put(path, List.of("null"));
    }
  }

  /** A list of texts is one field with items; the sections of another are fields, by position. */
  private static void flatten(String path, List<Node> items, Map<String, List<String>> out) {
    if (items.stream().allMatch(Node.Scalar.class::isInstance)) {
      out.put(path, items.stream().map(item -> scalar((Node.Scalar) item)).toList());
      return;
    }
    for (int index = 0; index < items.size(); index++) {
      flatten(path + "[" + (index + 1) + "]", items.get(index), out);
    }
  }

  private static String scalar(Node.Scalar scalar) {
    return YamlWriter.scalar(scalar.text());
  }

  private static void compare(
      String path, List<String> before, List<String> after, List<FieldChange> out) {
    if (before == null || after == null) {
      each(after).forEach(text -> out.add(added(path, text)));
      each(before).forEach(text -> out.add(removed(path, text)));
    } else if (before.size() == 1 && after.size() == 1) {
      if (!before.equals(after)) {
        out.add(changed(path, before.getFirst(), after.getFirst()));
      }
    } else {
      compareItems(path, before, after, out);
    }
  }

  private static List<String> each(List<String> items) {
    return items == null ? List.of() : items;
  }

  private static void compareItems(
      String path, List<String> before, List<String> after, List<FieldChange> out) {
    List<String> added = without(after, before);
    List<String> removed = without(before, after);
    added.forEach(text -> out.add(added(path, text)));
    removed.forEach(text -> out.add(removed(path, text)));
    if (added.isEmpty() && removed.isEmpty() && !before.equals(after)) {
      out.add(changed(path, before.toString(), after.toString())); // another order, another meaning
    }
  }

  private static List<String> without(List<String> items, List<String> others) {
    List<String> rest = new ArrayList<>(items);
    others.forEach(rest::remove);
    return rest;
  }

  private static FieldChange added(String path, String text) {
    return new FieldChange(path, Optional.empty(), Optional.of(text));
  }

  private static FieldChange removed(String path, String text) {
    return new FieldChange(path, Optional.of(text), Optional.empty());
  }

  private static FieldChange changed(String path, String before, String after) {
    return new FieldChange(path, Optional.of(before), Optional.of(after));
  }
}
