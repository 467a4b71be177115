package io.holdfast.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.holdfast.coordinator.alarm.AlarmKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The alert rules and the dashboard that are shipped ask only for what there is: every metric is in
 * the README's table, which the coordinator's own test compares with what it exports. And the
 * dashboard shows every one of them.
 */
class MonitoringTest {
  private static final Pattern METRIC = Pattern.compile("\\bholdfast_[a-z_]+");
  private static final Pattern KINDS = Pattern.compile("kind!?[=~]+\"([^\"]*)\"");

  private static Path top() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("README.md")) ? here : here.getParent();
  }

  private static Path shipped(String name) {
    return top().resolve("deploy/src/main/distribution/share").resolve(name);
  }

  private static Set<String> documented() throws IOException {
    return Files.readAllLines(top().resolve("README.md")).stream()
        .filter(line -> line.startsWith("| `holdfast_"))
        .map(line -> line.split("[`{]", -1)[1])
        .collect(Collectors.toSet());
  }

  private static Set<String> named(String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = METRIC.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group().replaceFirst("_bucket$", ""));
    }
    return names;
  }

  private static void assertDocumented(Set<String> names) throws IOException {
    assertFalse(names.isEmpty());
    Set<String> unknown = new TreeSet<>(names);
    unknown.removeAll(documented());
    assertEquals(Set.of(), unknown, "named, and not in the README's table");
  }

  @Test
  void alertRulesShouldAskForWhatThereIs() throws IOException {
    JsonNode rules =
        new YAMLMapper().readTree(Files.readString(shipped("prometheus/holdfast.rules.yaml")));
    Set<String> alerts = new HashSet<>();
    StringBuilder expressions = new StringBuilder();
    for (JsonNode group : rules.get("groups")) {
      for (JsonNode rule : group.get("rules")) {
        String name = rule.get("alert").textValue();
        assertTrue(alerts.add(name), name);
        expressions.append(rule.get("expr").textValue()).append('\n');
        for (String key : new String[] {"summary", "description"}) {
          assertFalse(rule.get("annotations").get(key).textValue().isBlank(), name);
        }
        String severity = rule.get("labels").get("severity").textValue();
        assertTrue(Set.of("warning", "critical").contains(severity), name);
      }
    }
    assertDocumented(named(expressions.toString()));
    assertKindsExist(expressions.toString());
  }

  private static void assertKindsExist(String text) {
    Set<String> known =
        Arrays.stream(AlarmKind.values()).map(AlarmKind::word).collect(Collectors.toSet());
    Matcher matcher = KINDS.matcher(text);
    while (matcher.find()) {
      Stream.of(matcher.group(1).split("\\|", -1))
          .forEach(kind -> assertTrue(known.contains(kind), kind));
    }
  }

  @Test
  void dashboardShouldAskForWhatThereIs() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(Files.readString(shipped("grafana/holdfast.json")));
    Set<Integer> ids = new HashSet<>();
    StringBuilder expressions = new StringBuilder();
    for (JsonNode panel : dashboard.get("panels")) {
      assertTrue(ids.add(panel.get("id").intValue()), panel.get("title").textValue());
      for (JsonNode target : panel.get("targets")) {
        String expression = target.get("expr").textValue();
        expressions.append(expression).append('\n');
        long opened = expression.chars().filter(c -> c == '(').count();
        assertEquals(opened, expression.chars().filter(c -> c == ')').count(), expression);
      }
    }
    assertDocumented(named(expressions.toString()));
    Set<String> missing = new TreeSet<>(documented());
    missing.removeAll(named(expressions.toString()));
    assertEquals(Set.of(), missing, "in the README's table, and on no panel");
  }
}
