package io.holdfast.coordinator.policy.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.yaml.Node;
import io.holdfast.common.yaml.Problems;
import io.holdfast.common.yaml.YamlReader;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PolicyReferenceTest {
  private static final String REFERENCE =
      "/io/holdfast/coordinator/policy/yaml/policy-reference.yaml";

  static String text(String resource) {
    try (InputStream in = PolicyReferenceTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldShowEveryKey() {
    Reading reading = new Reading("reference");
    String text = text(REFERENCE);
    PolicyReader.read("reference", text, reading);
    Set<String> missing = new TreeSet<>();
    reading.asked().forEach(path -> missing.add(path.replace("spec.dataClasses[].", "spec.")));
    missing.removeAll(shown(text));
    text.lines()
        .filter(line -> line.strip().matches("# \\w+: \\S+"))
        .map(line -> line.strip().replaceAll("# (\\w+):.*", "spec.selector.matchFacts.$1"))
        .forEach(missing::remove);
    assertEquals(Set.of(), missing);
    assertTrue(reading.asked().contains("spec.limits.bandwidth[].during"), reading.toString());
  }

  /** The paths of all keys, those of data classes as if they were the policy's. */
  private static Set<String> shown(String text) {
    Set<String> shown = new TreeSet<>();
    YamlReader.readAll("reference", text, Problems.byColumn("reference"))
        .forEach(document -> addPaths("", document, shown));
    return shown;
  }

  private static void addPaths(String path, Node node, Set<String> out) {
    switch (node) {
      case Node.Mapping mapping ->
          mapping
              .entries()
              .forEach((key, entry) -> {
                String name = path.isEmpty() ? key : path + "." + key;
                out.add(name);
                addPaths(name, entry.value(), out);
              });
      case Node.Sequence sequence ->
          sequence
              .items()
              .forEach(item ->
                  addPaths(path.equals("spec.dataClasses") ? "spec" : path + "[]", item, out));
      case Node.Scalar scalar -> {}
      case Node.Nothing nothing -> {}
    }
  }

  @Test
  void shouldShowEveryKindOfSource() {
    List<Policy> policies = PolicyReader.read("reference", text(REFERENCE));
    Set<Class<?>> shown = new TreeSet<>(Comparator.comparing(Class::getName));
    policies.stream()
        .flatMap(policy -> policy.dataClasses().stream())
        .forEach(dataClass -> shown.add(dataClass.source().getClass()));
    assertEquals(
        Arrays.stream(Source.class.getPermittedSubclasses()).map(Class::getName).sorted().toList(),
        shown.stream().map(Class::getName).toList());
  }

  @Test
  void shouldBeWrittenAsTheGoldenFileSays() {
    List<Policy> policies = PolicyReader.read("reference", text(REFERENCE));
    assertEquals(text("/golden/v1/policies.yaml"), PolicyWriter.write(policies));
    assertEquals(policies, PolicyReader.read("golden", PolicyWriter.write(policies)));
    assertEquals(
        List.of(
            "3afabf4259019bada776560f60b9565d1f9734c48ffa896b7e8603e2e0659a31",
            "e456ffe11b47d13c9240027355c47b16ca9b012e248e123cecd2d7fa2a9f7953"),
        policies.stream().map(policy -> PolicyWriter.hash(policy).toString()).toList());
  }
}
