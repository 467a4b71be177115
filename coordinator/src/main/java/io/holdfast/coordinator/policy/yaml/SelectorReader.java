package io.holdfast.coordinator.policy.yaml;

import io.holdfast.coordinator.policy.Fact;
import io.holdfast.coordinator.policy.Requirement;
import io.holdfast.coordinator.policy.Requirement.Operator;
import io.holdfast.coordinator.policy.Requirement.Subject;
import io.holdfast.coordinator.policy.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code selector}. */
final class SelectorReader {
  private SelectorReader() {}

  static Selector read(Section section) {
    Map<String, String> labels = section.texts("matchLabels", Forms::text);
    Map<Fact, String> facts = facts(section);
    List<Requirement> requirements = new ArrayList<>();
    section
        .sections("matchExpressions")
        .forEach(each -> requirement(each).ifPresent(requirements::add));
    section.finish();
    return new Selector(labels, facts, requirements);
  }

  private static Map<Fact, String> facts(Section section) {
    Map<Fact, String> facts = new EnumMap<>(Fact.class);
    section
        .section("matchFacts")
        .ifPresent(inner -> {
          for (Fact fact : Fact.values()) {
            inner.value(fact.key(), Forms::text).ifPresent(value -> facts.put(fact, value));
          }
          inner.finish();
        });
    return facts;
  }

  private static Optional<Requirement> requirement(Section section) {
    Optional<Subject> subject = subject(section);
    Optional<Operator> operator = section.value("operator", SelectorReader::operator);
    section.require("operator", "write In, NotIn, Exists, DoesNotExist, Matches or DoesNotMatch");
    boolean patterns = operator.stream().anyMatch(Operator::takesPatterns);
    List<String> values = section.values("values", patterns ? Forms::pattern : Forms::text);
    section.finish();
    if (subject.isEmpty() || operator.isEmpty()) {
      return Optional.empty();
    }
    boolean given = section.has("values") && !section.isEmptyList("values");
    if (operator.get().takesValues() != given) {
      String what = given ? " takes no values" : " needs values";
      section.problem("values", operator.get().word() + what);
    }
    return operator.get().takesValues() == values.isEmpty()
        ? Optional.empty()
        : Optional.of(new Requirement(subject.get(), operator.get(), values));
  }

  private static Optional<Subject> subject(Section section) {
    Optional<Subject> label = section.value("label", Forms::text).map(Subject.Label::new);
    Optional<Subject> fact = section.value("fact", SelectorReader::fact).map(Subject.Known::new);
    if (section.has("label") == section.has("fact")) {
      section.problem("label", "write either a label or a fact to look at");
      return Optional.empty();
    }
    return label.or(() -> fact);
  }

  private static Operator operator(String text) {
    return Arrays.stream(Operator.values())
        .filter(each -> each.word().equals(text))
        .findFirst()
        .orElseThrow(() -> expected(Arrays.stream(Operator.values()).map(Operator::word), text));
  }

  private static Fact fact(String text) {
    return Arrays.stream(Fact.values())
        .filter(each -> each.key().equals(text))
        .findFirst()
        .orElseThrow(() -> expected(Arrays.stream(Fact.values()).map(Fact::key), text));
  }

  private static IllegalArgumentException expected(Stream<String> words, String text) {
    return new IllegalArgumentException(
        "expected one of " + words.collect(Collectors.joining(", ")) + ", got \"" + text + "\"");
  }
}
