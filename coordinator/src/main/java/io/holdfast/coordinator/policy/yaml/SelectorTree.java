package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.yaml.Node;
import io.holdfast.coordinator.policy.Requirement;
import io.holdfast.coordinator.policy.Requirement.Subject;
import io.holdfast.coordinator.policy.Selector;

/** Selectors as they are written. */
final class SelectorTree {
  private SelectorTree() {}

  static Node.Mapping of(Selector selector) {
    Keys labels = new Keys();
    selector.labels().forEach((key, value) -> labels.put(key, value));
    Keys facts = new Keys();
    selector.facts().forEach((fact, value) -> facts.put(fact.key(), value));
    return new Keys()
        .putSome("matchLabels", labels)
        .putSome("matchFacts", facts)
        .putItems(
            "matchExpressions",
            selector.requirements().stream().map(SelectorTree::requirement).toList())
        .node();
  }

  private static Node.Mapping requirement(Requirement requirement) {
    Keys keys =
        switch (requirement.subject()) {
          case Subject.Label(String key) -> new Keys().put("label", key);
          case Subject.Known(var fact) -> new Keys().put("fact", fact.key());
        };
    return keys.put("operator", requirement.operator().word())
        .putTexts("values", requirement.values())
        .node();
  }
}
