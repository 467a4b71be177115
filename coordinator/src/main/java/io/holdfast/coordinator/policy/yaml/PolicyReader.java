package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.yaml.Node;
import io.holdfast.common.yaml.YamlReader;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads policies out of YAML, one a document, strictly. */
public final class PolicyReader {
  static final String API_VERSION = "holdfast/v1";
  static final String KIND = "Policy";

  private static final int CHARS_MAX = 1 << 20;
  private static final int DOCUMENTS_MAX = 1_000;

  private final Reading reading;

  private PolicyReader(Reading reading) {
    this.reading = reading;
  }

  /**
   * The policies of {@code text}, in its order; empty documents count for nothing.
   * INVALID_CONFIGURATION lists every problem of all of them, each with {@code name}, line and
   * column.
   */
  public static List<Policy> read(String name, String text) {
    return read(name, text, new Reading(name));
  }

  static List<Policy> read(String name, String text, Reading reading) {
    if (text.length() > CHARS_MAX) {
      throw new HoldfastException(
          ErrorCode.INVALID_CONFIGURATION,
          name + " is over 1 MiB: is it the right file? Else apply its policies in several files");
    }
    List<Node> documents = YamlReader.readAll(name, text, reading.problems());
    reading.problems().throwIfAny(); // what follows from a tree that isn't one only confuses
    List<Policy> policies = new PolicyReader(reading).policies(documents);
    reading.problems().throwIfAny();
    return policies;
  }

  private List<Policy> policies(List<Node> documents) {
    List<Policy> policies = new ArrayList<>();
    Map<String, Node> named = new HashMap<>();
    if (documents.size() > DOCUMENTS_MAX) {
      Node first = documents.get(DOCUMENTS_MAX);
      reading.problems().add(first.origin(), "more than " + DOCUMENTS_MAX + " documents");
      return policies;
    }
    for (Node document : documents) {
      if (!(document instanceof Node.Nothing)) {
        Section.document(reading, document)
            .flatMap(this::policy)
            .ifPresent(policy -> {
              policies.add(policy);
              refuseTwice(policy.name(), named.putIfAbsent(policy.name(), document), document);
            });
      }
    }
    return policies;
  }

  private void refuseTwice(String name, Node earlier, Node document) {
    if (earlier != null) {
      reading
          .problems()
          .add(
              document.origin(),
              "policy \"" + name + "\" is given twice, first in line " + earlier.origin().line());
    }
  }

  private Optional<Policy> policy(Section document) {
    constant(document, "apiVersion", API_VERSION);
    constant(document, "kind", KIND);
    document.require("metadata", "write metadata: {name: ...}");
    document.require("spec", "write what to protect, and when");
    Optional<Section> metadata = document.section("metadata");
    Optional<Section> spec = document.section("spec");
    document.finish();
    metadata.ifPresent(section -> section.require("name", "write what to call the policy"));
    Optional<String> name = metadata.flatMap(section -> section.value("name", Forms::name));
    String description =
        metadata.flatMap(section -> section.value("description", Forms::text)).orElse("");
    metadata.ifPresent(Section::finish);
    Selector selector = spec.map(this::selector).orElse(Selector.EVERY_HOST);
    List<DataClass> dataClasses = spec.map(this::dataClasses).orElse(List.of());
    spec.ifPresent(Section::finish);
    return name.map(called -> new Policy(called, description, selector, dataClasses));
  }

  private static void constant(Section section, String key, String value) {
    section.require(key, "write " + key + ": " + value);
    section
        .value(key, text -> text)
        .filter(text -> !text.equals(value))
        .ifPresent(text ->
            section.problem(
                key, "\"" + text + "\" isn't known to this release, which reads " + value));
  }

  private Selector selector(Section spec) {
    spec.require("selector", "write which hosts; selector: {} is every host");
    return spec.section("selector").map(SelectorReader::read).orElse(Selector.EVERY_HOST);
  }

  private List<DataClass> dataClasses(Section spec) {
    Parts shared = PartsReader.read(spec);
    List<Section> sections = spec.sections("dataClasses");
    if (!spec.has("dataClasses")) {
      spec.require("source", "write what to back up");
      spec.require("schedule", "write when");
      return shared.dataClass(DataClass.ONLY).map(List::of).orElse(List.of());
    }
    if (spec.isEmptyList("dataClasses")) {
      spec.problem("dataClasses", "write one at least, or leave it out");
    }
    if (spec.has("source")) {
      spec.problem("source", "with dataClasses, write a source into each of them");
    }
    return dataClasses(spec, sections, shared);
  }

  private List<DataClass> dataClasses(Section spec, List<Section> sections, Parts shared) {
    List<DataClass> classes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Map<String, String> sources = new HashMap<>();
    for (Section section : sections) {
      section.require("name", "write what to call the data class");
      Optional<String> name = section.value("name", Forms::name);
      section.require("source", "write what to back up");
      Parts parts = PartsReader.read(section).over(shared);
      if (!spec.has("schedule")) {
        section.require("schedule", "write when, here or once for all data classes");
      }
      section.finish();
      name.filter(each -> !names.add(each))
          .ifPresent(twice -> section.problem("name", "\"" + twice + "\" is given twice"));
      name.flatMap(parts::dataClass)
          .ifPresent(dataClass -> {
            String earlier = sources.putIfAbsent(dataClass.source().identity(), dataClass.name());
            if (earlier != null) {
              section.problem("source", "data class \"" + earlier + "\" has the same source");
            }
            classes.add(dataClass);
          });
    }
    return classes;
  }
}
