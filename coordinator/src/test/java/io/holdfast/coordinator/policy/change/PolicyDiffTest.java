package io.holdfast.coordinator.policy.change;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyDiffTest {
  private static final String PLAIN =
      """
      selector: {matchLabels: {role: db}}
      source: {files: {include: [/a, /b], exclude: ["*.tmp", "*.log"]}}
      schedule: {cron: 0 2 * * *}
      """;

  private static List<String> diff(String before, String after) {
    Policy old = Samples.policy("p", before);
    return PolicyDiff.of(old, Samples.policy("p", after)).stream()
        .map(FieldChange::toString)
        .toList();
  }

  @Test
  void layoutAndDefaultsShouldMakeNoDifference() {
    assertEquals(
        List.of(),
        diff(
            PLAIN,
            """
            gapsLimit: 100
            limits: {priority: 50, bandwidth: []}
            schedule: {timeZone: UTC, cron: "0  2 * * *", retries: {times: 3}}
            source:
              files: {include: [/b/, /a, /a], exclude: ["*.tmp", "*.log"], oneFileSystem: false}
            selector:
              matchLabels:
                role: db
            """));
    String shared =
        """
        selector: {}
        schedule: {cron: '@daily'}
        dataClasses:
          - {name: x, source: {files: {include: [/x]}}}
          - {name: y, source: {files: {include: [/y]}}}
        """;
    String apart =
        """
        selector: {}
        dataClasses:
          - {name: x, source: {files: {include: [/x]}}, schedule: {cron: '@daily'}}
          - {name: y, source: {files: {include: [/y]}}, schedule: {cron: '@daily'}}
        """;
    assertEquals(List.of(), diff(shared, apart));
  }

  @Test
  void everyFieldThatDiffersShouldBeALine() {
    assertEquals(
        List.of(
            "+ selector.matchLabels.site: berlin",
            "+ source.files.include: /c",
            "- source.files.include: /b",
            "- source.files.exclude: \"*.log\"",
            "~ schedule.cron: 0 2 * * * -> 0 3 * * *",
            "+ schedule.windows: 22:00-06:00",
            "+ limits.bandwidth[1].rate: 10 MiB/s",
            "+ limits.bandwidth[1].during: 08:00-18:00",
            "+ retention.daily: 7",
            "+ retention.within: 7d",
            "+ hold: because"),
        diff(
            PLAIN,
            """
            selector: {matchLabels: {role: db, site: berlin}}
            source: {files: {include: [/a, /c], exclude: ["*.tmp"]}}
            schedule: {cron: 0 3 * * *, windows: [22:00-06:00]}
            limits: {bandwidth: [{rate: 10 MiB/s, during: 08:00-18:00}]}
            retention: {daily: 7}
            hold: because
            """));
  }

  @Test
  void orderShouldMatterWhereItMeansSomething() {
    assertEquals(
        List.of("~ source.files.exclude: [\"*.tmp\", \"*.log\"] -> [\"*.log\", \"*.tmp\"]"),
        diff(PLAIN, PLAIN.replace("\"*.tmp\", \"*.log\"", "\"*.log\", \"*.tmp\"")));
  }

  @Test
  void dataClassesShouldBeComparedByName() {
    String before =
        """
        selector: {}
        schedule: {cron: '@daily'}
        dataClasses:
          - {name: x, source: {files: {include: [/x]}}}
          - {name: y, source: {blockImage: {path: /dev/y}}, retention: {daily: 1}}
        """;
    String after =
        """
        selector: {}
        schedule: {cron: '@daily'}
        dataClasses:
          - {name: y, source: {blockImage: {path: /dev/y}}, retention: {weekly: 1}}
          - {name: x, source: {files: {include: [/x]}}, schedule: {cron: '@weekly'}}
        """;
    assertEquals(
        List.of(
            "+ dataClasses.y.retention.weekly: 1",
            "~ dataClasses.x.schedule.cron: \"@daily\" -> \"@weekly\"",
            "- dataClasses.y.retention.daily: 1"),
        diff(before, after));
  }
}
