package io.holdfast.coordinator.policy.change;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShorteningsTest {
  private static final HostTraits DB = Samples.host("db", Map.of("role", "db"));
  private static final HostTraits WEB = Samples.host("web", Map.of("role", "web"));

  private static Policy policy(String cron, String rest) {
    return Samples.policy(
        "p",
        "selector: {}\nsource: {files: {include: [/a]}}\nschedule: {cron: \"%s\"}\n%s\n"
            .formatted(cron, rest));
  }

  private static List<String> of(Policy before, Policy after) {
    return Shortenings.of(before, after, List.of(DB, WEB)).stream()
        .map(each -> each.kind() + " " + each.dataClass() + ": " + each.text())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "retention: {daily: 7}|retention: {daily: 7}|-",
        "retention: {daily: 7}|retention: {daily: 8, weekly: 1}|-",
        "retention: {daily: 7}|-|-",
        "retention: {daily: 7}|retention: {daily: 6, weekly: 50}|RULE_LOWERED default: daily 7 ->"
            + " 6",
        "retention: {yearly: 7}|retention: {daily: 7}|RULE_LOWERED default: yearly 7 -> 0",
        "retention: {within: 30d}|retention: {within: 29d}|RULE_LOWERED default: within 30d -> 29d",
        "-|retention: {last: 3, within: 2d}|RULES_BEGIN default: everything was kept; now last 3,"
            + " within 2d",
        "gapsLimit: 5|gapsLimit: 4|GAPS_LIMIT_LOWERED default: gapsLimit 5 -> 4",
        "gapsLimit: 5|gapsLimit: 6|-",
        "hold: court|-|HOLD_ENDS default: \"court\" holds no more",
        "-|hold: court|-",
        "hold: court|hold: tax|-",
      })
  void whatLetsSnapshotsGoShouldBeTold(String before, String after, String told) {
    List<String> expected = told == null ? List.of() : List.of(told);
    Policy old = policy("0 2 * * *", before == null ? "" : before);
    assertEquals(expected, of(old, policy("0 2 * * *", after == null ? "" : after)));
  }

  @Test
  void rulesByWhichOtherSnapshotsCountShouldBeTold() {
    Policy before = policy("0 2 * * *", "retention: {daily: 7}\ngapsLimit: 5");
    assertEquals(
        List.of("RULE_LOWERED default: gapsLimit 5 -> 6 lets other snapshots count"),
        of(before, policy("0 2 * * *", "retention: {daily: 7}\ngapsLimit: 6")));
    assertEquals(List.of(), of(before, policy("0 2 * * *", "gapsLimit: 6")));
  }

  @Test
  void aQuickerRhythmShouldCountWhereTheLastOnesAreKept() {
    String rules = "retention: {last: 7}";
    assertEquals(
        List.of("LAST_SPANS_LESS default: the last 7 were made in 7d 0h, now in 7h 00m"),
        of(policy("0 2 * * *", rules), policy("@hourly", rules)));
    assertEquals(List.of(), of(policy("@hourly", rules), policy("0 2 * * *", rules)));
    assertEquals(List.of(), of(policy("0 2 * * *", rules), policy("30 3 * * *", rules)));
    assertEquals(
        List.of(),
        of(
            policy("0 2 * * *", "retention: {daily: 7}"),
            policy("@hourly", "retention: {daily: 7}")));
  }

  @Test
  void dataClassesThatEndShouldBeTold() {
    Policy before =
        Samples.policy(
            "p",
            """
            selector: {}
            schedule: {cron: '@daily'}
            retention: {daily: 7}
            dataClasses:
              - {name: x, source: {files: {include: [/x]}}}
              - {name: y, source: {files: {include: [/y]}}}
            """);
    Policy after =
        Samples.policy(
            "p",
            """
            selector: {}
            schedule: {cron: '@daily'}
            retention: {daily: 7}
            dataClasses:
              - {name: x, source: {files: {include: [/z]}}}
            """);
    assertEquals(
        List.of(
            "PROTECTION_ENDS x: files /x gives way to files /z",
            "PROTECTION_ENDS y: its data class is gone"),
        of(before, after));
    assertEquals(2, Shortenings.ofDeletion(before).size());
  }

  @Test
  void hostsThatASelectorLeavesShouldBeTold() {
    Policy before = policy("@daily", "retention: {daily: 7}");
    Policy after =
        Samples.policy(
            "p",
            """
            selector: {matchLabels: {role: db}}
            source: {files: {include: [/a]}}
            schedule: {cron: "@daily"}
            retention: {daily: 7}
            """);
    List<Shortening> told = Shortenings.of(before, after, List.of(DB, WEB));
    assertEquals(1, told.size());
    assertEquals(WEB.id(), told.getFirst().host().orElseThrow());
    assertEquals("the selector no longer fits web", told.getFirst().text());
    assertEquals(List.of(), of(/* before= */ after, /* after= */ before));
  }
}
