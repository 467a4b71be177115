package io.holdfast.coordinator.policy;

import io.holdfast.common.match.NamePattern;
import java.util.List;
import java.util.Optional;

/**
 * One condition of a selector.
 *
 * @param values none for {@code EXISTS} and {@code DOES_NOT_EXIST}, some for the others
 */
public record Requirement(Subject subject, Operator operator, List<String> values) {
  /** What is looked at. */
  public sealed interface Subject {
    /** A label of the host. */
    record Label(String key) implements Subject {}

    /** A fact about it. */
    record Known(Fact fact) implements Subject {}
  }

  /** How it is compared; without the label or fact, only the negative ones fit. */
  public enum Operator {
    IN("In", true, false),
    NOT_IN("NotIn", true, true),
    EXISTS("Exists", false, false),
    DOES_NOT_EXIST("DoesNotExist", false, true),
    /** A value is a pattern such as {@code db-*}. */
    MATCHES("Matches", true, false),
    DOES_NOT_MATCH("DoesNotMatch", true, true);

    private final String word;
    private final boolean takesValues;
    private final boolean negative;

    Operator(String word, boolean takesValues, boolean negative) {
      this.word = word;
      this.takesValues = takesValues;
      this.negative = negative;
    }

    /** As in a document. */
    public String word() {
      return word;
    }

    public boolean takesValues() {
      return takesValues;
    }

    /** Whether its values are patterns. */
    public boolean takesPatterns() {
      return this == MATCHES || this == DOES_NOT_MATCH;
    }
  }

  public Requirement {
    values = List.copyOf(values);
    if (operator.takesValues() == values.isEmpty()) {
      throw new IllegalArgumentException(
          operator.word() + (values.isEmpty() ? " needs values" : " takes no values"));
    }
  }

  public boolean fits(HostTraits host) {
    return value(host).map(this::holds).orElse(false) != operator.negative;
  }

  private Optional<String> value(HostTraits host) {
    return Optional.ofNullable(
        switch (subject) {
          case Subject.Label(String key) -> host.labels().get(key);
          case Subject.Known(Fact fact) -> host.facts().get(fact);
        });
  }

  /** As if the operator weren't a negative one. */
  private boolean holds(String value) {
    return switch (operator) {
      case EXISTS, DOES_NOT_EXIST -> true;
      case IN, NOT_IN -> values.contains(value);
      case MATCHES, DOES_NOT_MATCH ->
          values.stream().anyMatch(pattern -> NamePattern.parse(pattern).matches(value));
    };
  }
}
