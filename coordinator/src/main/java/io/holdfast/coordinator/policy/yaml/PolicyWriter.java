package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.yaml.Node;
import io.holdfast.common.yaml.YamlWriter;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes policies in one form only: keys in the order of the reference, every default written out,
 * so that a policy means the same under a release with other defaults. What most data classes agree
 * on stands once. {@link PolicyReader} reads the same policy back.
 */
public final class PolicyWriter {
  private PolicyWriter() {}

  public static String write(Policy policy) {
    Keys metadata = new Keys().put("name", policy.name());
    if (!policy.description().isEmpty()) {
      metadata.put("description", policy.description());
    }
    return YamlWriter.write(
        new Keys()
            .put("apiVersion", PolicyReader.API_VERSION)
            .put("kind", PolicyReader.KIND)
            .put("metadata", metadata.node())
            .put("spec", spec(policy))
            .node());
  }

  /** One document each. */
  public static String write(Collection<Policy> policies) {
    return policies.stream().map(PolicyWriter::write).collect(Collectors.joining("---\n"));
  }

  /** SHA-256 of what {@link #write} prints: two policies of one hash are the same. */
  public static Bytes32 hash(Policy policy) {
    return Digests.sha256(write(policy).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What a policy says with nothing said once for several: description, selector, and all of each
   * data class below its name, or beside the selector if it is the only one.
   */
  public static Node.Mapping expanded(Policy policy) {
    Keys keys = new Keys();
    if (!policy.description().isEmpty()) {
      keys.put("description", policy.description());
    }
    keys.put("selector", SelectorTree.of(policy.selector()));
    if (policy.isPlain()) {
      addTo(keys, policy.dataClasses().getFirst());
      return keys.node();
    }
    Keys classes = new Keys();
    for (DataClass dataClass : policy.dataClasses()) {
      Keys inner = new Keys();
      addTo(inner, dataClass);
      classes.put(dataClass.name(), inner.node());
    }
    return keys.put("dataClasses", classes.node()).node();
  }

  private static void addTo(Keys keys, DataClass dataClass) {
    keys.put("source", SourceTree.of(dataClass.source()).node());
    PartsTree.of(dataClass).forEach(keys::put);
  }

  private static Node spec(Policy policy) {
    Keys keys = new Keys().put("selector", SelectorTree.of(policy.selector()));
    if (policy.isPlain()) {
      addTo(keys, policy.dataClasses().getFirst());
      return keys.node();
    }
    Map<String, Node> shared = shared(policy.dataClasses().stream().map(PartsTree::of).toList());
    shared.forEach(keys::put);
    return keys.putItems(
            "dataClasses",
            policy.dataClasses().stream().map(each -> dataClass(each, shared)).toList())
        .node();
  }

  /**
   * What more than half of the data classes say alike; of parts that one of them is silent about,
   * none: nothing in a data class could take the policy's part away.
   */
  private static Map<String, Node> shared(List<Map<String, Node>> parts) {
    Map<String, Node> shared = new LinkedHashMap<>();
    for (String key : parts.getFirst().keySet()) {
      if (parts.stream().allMatch(each -> each.containsKey(key))) {
        List<Node> values = parts.stream().map(each -> each.get(key)).toList();
        values.stream()
            .filter(value -> Collections.frequency(values, value) * 2 > values.size())
            .findFirst()
            .ifPresent(value -> shared.put(key, value));
      }
    }
    return shared;
  }

  private static Node.Mapping dataClass(DataClass dataClass, Map<String, Node> shared) {
    Keys keys =
        new Keys()
            .put("name", dataClass.name())
            .put("source", SourceTree.of(dataClass.source()).node());
    PartsTree.of(dataClass)
        .forEach((key, part) -> {
          if (!part.equals(shared.get(key))) {
            keys.put(key, part);
          }
        });
    return keys.node();
  }
}
