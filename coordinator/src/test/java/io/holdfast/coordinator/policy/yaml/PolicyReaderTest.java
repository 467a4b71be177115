package io.holdfast.coordinator.policy.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataRate;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.Hooks;
import io.holdfast.coordinator.policy.Limits;
import io.holdfast.coordinator.policy.Objectives;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.Selector;
import io.holdfast.coordinator.policy.Source;
import io.holdfast.coordinator.retention.Period;
import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.schedule.CatchUp;
import io.holdfast.coordinator.schedule.Cron;
import io.holdfast.coordinator.schedule.RatePlan;
import io.holdfast.coordinator.schedule.Retries;
import io.holdfast.coordinator.schedule.Schedule;
import io.holdfast.coordinator.schedule.Timetable;
import io.holdfast.coordinator.schedule.Window;
import io.holdfast.coordinator.schedule.Windows;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyReaderTest {
  private static final String HEAD =
      """
      apiVersion: holdfast/v1
      kind: Policy
      metadata: {name: p}
      spec:
      """;

  private static List<Policy> read(String text) {
    return PolicyReader.read("p.yaml", text);
  }

  /** A policy whose {@code spec} begins in line 5. */
  private static Policy spec(String spec) {
    return read(HEAD + spec.indent(2)).getFirst();
  }

  private static void assertProblems(String text, String... problems) {
    HoldfastException error = assertThrows(HoldfastException.class, () -> read(text));
    assertEquals(ErrorCode.INVALID_CONFIGURATION, error.code());
    assertEquals(
        List.of(problems), error.getMessage().lines().skip(1).toList(), error.getMessage());
  }

  private static void assertSpecProblems(String spec, String... problems) {
    assertProblems(HEAD + spec.indent(2), problems);
  }

  @Test
  void shouldFillDefaults() {
    Policy policy =
        spec(
            """
            selector: {}
            source: {files: {include: [/etc/, /, /etc]}}
            schedule: {cron: 0 2 * * *}
            """);
    Schedule schedule =
        new Schedule(
            new Timetable(Cron.parse("0 2 * * *"), ZoneId.of("UTC"), Windows.ALWAYS, Duration.ZERO),
            CatchUp.ALWAYS,
            new Retries(3, Duration.ofMinutes(5), Duration.ofHours(1)));
    Source source =
        new Source.Files(
            List.of("/", "/etc"),
            List.of(),
            false,
            false,
            false,
            Source.SnapshotFirst.NONE,
            Optional.empty());
    DataClass only =
        new DataClass(
            "default",
            source,
            schedule,
            new Limits(new RatePlan(List.of()), 50, Optional.empty()),
            Optional.empty(),
            new Objectives(Optional.empty(), Optional.empty()),
            100,
            new Hooks(List.of(), List.of()),
            Optional.empty());
    Selector selector = new Selector(Map.of(), Map.of(), List.of());
    assertEquals(new Policy("p", "", selector, List.of(only)), policy);
    assertTrue(policy.isPlain());
  }

  @Test
  void dataClassesShouldTakeWhatTheyDoNotSay() {
    Policy policy =
        spec(
            """
            selector: {}
            schedule: {cron: "@daily", spread: 1h}
            retention: {daily: 30, weekly: 4}
            limits: {priority: 70, bandwidth: [{rate: 10MiB/s, during: mon-fri 08:00-18:00}]}
            dataClasses:
              - name: metadata
                source: {files: {include: [/m]}}
              - name: video
                source: {blockImage: {path: /dev/sdb}}
                schedule: {cron: "@weekly"}
                retention: {weekly: 12}
            """);
    DataClass metadata = policy.dataClasses().get(0);
    DataClass video = policy.dataClasses().get(1);
    RetentionRules daily =
        RetentionRules.in(ZoneId.of("UTC")).keep(Period.DAILY, 30).keep(Period.WEEKLY, 4);
    assertEquals(Optional.of(daily), metadata.retention());
    assertEquals(Duration.ofHours(1), metadata.schedule().timetable().spread());
    assertEquals("@weekly", video.schedule().timetable().recurrence().toString());
    assertEquals(Duration.ZERO, video.schedule().timetable().spread(), "whole parts, never mixed");
    assertEquals(12, video.retention().orElseThrow().count(Period.WEEKLY));
    assertEquals(0, video.retention().orElseThrow().count(Period.DAILY));
    RatePlan.Limit limit =
        new RatePlan.Limit(
            DataRate.parse("10 MiB/s"), Optional.of(Window.parse("mon-fri 08:00-18:00")));
    assertEquals(new Limits(new RatePlan(List.of(limit)), 70, Optional.empty()), video.limits());
    assertEquals(metadata.limits(), video.limits());
  }

  @Test
  void everyProblemShouldBeToldAtOnceAndInItsPlace() {
    assertProblems(
        """
        apiVersion: holdfast/v2
        kind: Policy
        metadata: {name: Servers, color: red}
        spec:
          selector:
            matchLabel: {a: b}
            matchFacts: {os: linux, osversion: "6"}
            matchExpressions:
              - {label: site, operator: in, values: [a]}
              - {fact: hostnam, operator: Exists}
              - {operator: Exists}
              - {label: a, operator: Exists, values: [x]}
              - {label: a, operator: Matches, values: ["[a"]}
          source:
            files:
              include: [etc, /a/../b]
              oneFilesystem: true
          schedule:
            cron: 0 0 30 2 *
            timeZone: Europe/Berlyn
            spread: 5
            windows: [22:00]
            catchUp: 1m
            retries: {times: 1000, backOff: 2h, longest: 1h}
          limits:
            bandwidth: [{rate: 0 B/s}, {during: mon 08:00-09:00}]
            priority: high
            group: "a b"
          retention: {daily: 0}
          objectives: {rpo: 1s}
          gapsLimit: -1
          hooks:
            before: [{name: /bin/sh, timeLimit: 2d, onFailure: stop}]
            after: {name: x}
          hold:
          schedules: {}
        """,
        "p.yaml:1:1: \"apiVersion\": \"holdfast/v2\" isn't known to this release, which reads"
            + " holdfast/v1",
        "p.yaml:3:18: \"metadata.name\": \"Servers\" isn't a name: write up to 63 small letters,"
            + " digits, dots and dashes, a letter or digit at both ends",
        "p.yaml:3:27: unknown key \"metadata.color\"; known here: description, name",
        "p.yaml:6:5: unknown key \"spec.selector.matchLabel\"; did you mean \"matchLabels\"?",
        "p.yaml:7:29: unknown key \"spec.selector.matchFacts.osversion\"; did you mean"
            + " \"osVersion\"?",
        "p.yaml:9:33: \"spec.selector.matchExpressions[1].operator\": expected one of In, NotIn,"
            + " Exists, DoesNotExist, Matches, DoesNotMatch, got \"in\"",
        "p.yaml:10:16: \"spec.selector.matchExpressions[2].fact\": expected one of hostname, os,"
            + " osVersion, arch, id, got \"hostnam\"",
        "p.yaml:11:9: \"spec.selector.matchExpressions[3].label\": write either a label or a fact"
            + " to look at",
        "p.yaml:12:38: \"spec.selector.matchExpressions[4].values\": Exists takes no values",
        "p.yaml:13:48: \"spec.selector.matchExpressions[5].values\": pattern '[a' can't be read: a"
            + " '[' isn't closed",
        "p.yaml:16:17: \"spec.source.files.include\": \"etc\" isn't an absolute path: write it from"
            + " / on, without . and ..",
        "p.yaml:16:22: \"spec.source.files.include\": \"/a/../b\" isn't an absolute path: write it"
            + " from / on, without . and ..",
        "p.yaml:17:7: unknown key \"spec.source.files.oneFilesystem\"; did you mean"
            + " \"oneFileSystem\"?",
        "p.yaml:19:11: \"spec.schedule.cron\": \"0 0 30 2 *\" names dates that never come: no such"
            + " day is in any of its months",
        "p.yaml:20:15: \"spec.schedule.timeZone\": \"Europe/Berlyn\" isn't a time zone; did you"
            + " mean Europe/Berlin?",
        "p.yaml:21:13: \"spec.schedule.spread\": \"5\" isn't a duration: write numbers with units"
            + " (ms, s, m, h, d, w), such as 90s, 1h30m or 7d",
        "p.yaml:22:15: \"spec.schedule.windows\": \"22:00\" isn't a window: write 22:00-06:00, or"
            + " mon-fri 18:00-24:00",
        "p.yaml:23:14: \"spec.schedule.catchUp\": \"1m\" is too short to restart a coordinator in:"
            + " write 5m or more, or always",
        "p.yaml:24:22: \"spec.schedule.retries.times\": expected a whole number from 0 to 100, got"
            + " \"1000\"",
        "p.yaml:24:41: \"spec.schedule.retries.longest\": the longest wait is shorter than the"
            + " first, backOff",
        "p.yaml:26:24: \"spec.limits.bandwidth[1].rate\": \"0 B/s\" isn't a rate: write a size and"
            + " /s, such as 20 MiB/s, or unlimited",
        "p.yaml:26:32: \"spec.limits.bandwidth[2].rate\" is missing: write a size and /s, such as"
            + " 20 MiB/s, or unlimited",
        "p.yaml:27:15: \"spec.limits.priority\": expected a whole number from 0 to 100, got"
            + " \"high\"",
        "p.yaml:28:12: \"spec.limits.group\": \"a b\" isn't a name: write up to 63 small letters,"
            + " digits, dots and dashes, a letter or digit at both ends",
        "p.yaml:29:14: \"spec.retention\" would keep no snapshot at all: write what to keep, or"
            + " leave the section out to keep everything",
        "p.yaml:30:21: \"spec.objectives.rpo\": \"1s\" isn't from 1m to 36525d",
        "p.yaml:31:14: \"spec.gapsLimit\": expected a whole number from 0 to 1000000000, got"
            + " \"-1\"",
        "p.yaml:33:21: \"spec.hooks.before[1].name\": \"/bin/sh\" isn't a file's name: write"
            + " letters, digits, dots, dashes and underscores, no path",
        "p.yaml:33:41: \"spec.hooks.before[1].timeLimit\": \"2d\" isn't from 1s to 1d",
        "p.yaml:33:56: \"spec.hooks.before[1].onFailure\": expected one of fail, warn, got"
            + " \"stop\"",
        "p.yaml:34:12: \"spec.hooks.after\": expected a list, got a section of keys",
        "p.yaml:35:3: \"spec.hold\" has no value: write one, or remove the line",
        "p.yaml:36:3: unknown key \"spec.schedules\"; did you mean \"schedule\"?");
  }

  @Test
  void whatIsMissingShouldBeNamed() {
    assertProblems(
        "a: 1\n",
        "p.yaml:1:1: \"apiVersion\" is missing: write apiVersion: holdfast/v1",
        "p.yaml:1:1: \"kind\" is missing: write kind: Policy",
        "p.yaml:1:1: \"metadata\" is missing: write metadata: {name: ...}",
        "p.yaml:1:1: \"spec\" is missing: write what to protect, and when",
        "p.yaml:1:1: unknown key \"a\"; known here: apiVersion, kind, metadata, spec");
    assertSpecProblems(
        "description: x\n",
        "p.yaml:5:3: \"spec.selector\" is missing: write which hosts; selector: {} is every host",
        "p.yaml:5:3: \"spec.source\" is missing: write what to back up",
        "p.yaml:5:3: \"spec.schedule\" is missing: write when",
        "p.yaml:5:3: unknown key \"spec.description\"; known here: dataClasses, gapsLimit, hold,"
            + " hooks, limits, objectives, retention, schedule, selector, source");
    assertSpecProblems(
        "selector: {}\nsource: {files: {}}\nschedule: {}\n",
        "p.yaml:6:19: \"spec.source.files.include\" is missing: write the absolute paths to back"
            + " up",
        "p.yaml:7:13: \"spec.schedule.cron\" is missing: write when, such as 0 2 * * * or @daily");
  }

  @Test
  void aSourceShouldBeOneAndNotEmpty() {
    String rest = "schedule: {cron: '@daily'}\nselector: {}\n";
    String which =
        "files, blockImage, command, postgresql, mariadb; write a data class for each" + " source";
    assertSpecProblems(rest + "source: {}\n", "p.yaml:7:11: \"spec.source\" is one of " + which);
    assertSpecProblems(
        rest + "source: {mariadb: {}, blockImage: {path: /d}}\n",
        "p.yaml:7:11: \"spec.source\" is one of " + which);
    assertSpecProblems(
        rest + "source: {file: {}}\n",
        "p.yaml:7:12: unknown key \"spec.source.file\"; did you mean \"files\"?");
    assertSpecProblems(
        rest + "source: {files: {include: []}}\n",
        "p.yaml:7:20: \"spec.source.files.include\": write one path at least");
    assertSpecProblems(
        rest + "source: {files: {include: [/a], snapshotFirst: hook}}\n",
        "p.yaml:7:35: \"spec.source.files.snapshotFirst\": snapshotFirst: hook and snapshotHook go"
            + " together");
    assertSpecProblems(
        rest + "source: {mariadb: {databases: [a]}}\n",
        "p.yaml:7:22: \"spec.source.mariadb.databases\": only a dump can be of some databases:"
            + " write method: dump");
  }

  @Test
  void dataClassesShouldNotContradictEachOther() {
    assertSpecProblems(
        """
        selector: {}
        source: {files: {include: [/a]}}
        dataClasses:
          - {name: a, source: {files: {include: [/a, /b]}}, schedule: {cron: "@daily"}}
          - {name: a, source: {files: {include: [/c]}}, schedule: {cron: "@daily"}}
          - {name: c, source: {files: {include: [/b, /a]}}, schedule: {cron: "@weekly"}}
          - {name: d}
          - e
        """,
        "p.yaml:6:3: \"spec.source\": with dataClasses, write a source into each of them",
        "p.yaml:9:8: \"spec.dataClasses[2].name\": \"a\" is given twice",
        "p.yaml:10:17: \"spec.dataClasses[3].source\": data class \"a\" has the same source",
        "p.yaml:11:7: \"spec.dataClasses[4].source\" is missing: write what to back up",
        "p.yaml:11:7: \"spec.dataClasses[4].schedule\" is missing: write when, here or once for"
            + " all data classes",
        "p.yaml:12:7: \"spec.dataClasses[5]\": expected keys and values, got \"e\"");
  }

  @Test
  void documentsShouldBeReadTogetherAndNamedOnce() {
    String one =
        HEAD
            + """
              selector: {}
              source: {files: {include: [/a]}}
              schedule: {cron: "@daily"}
            """
                .indent(0);
    assertEquals(List.of(), read(""));
    assertEquals(List.of(), read("---\n# nothing\n---\n"));
    assertEquals(
        List.of("p", "q"),
        read("---\n" + one + "---\n---\n" + one.replace("name: p", "name: q")).stream()
            .map(Policy::name)
            .toList());
    assertProblems(
        one + "---\n" + one + "---\n- x\n",
        "p.yaml:9:1: policy \"p\" is given twice, first in line 1",
        "p.yaml:17:1: expected keys and values, got a list");
  }

  @Test
  void whatWouldCostMoreThanItSaysShouldBeRefused() {
    String large = "#".repeat(1 << 20) + "\n";
    assertEquals(
        "p.yaml is over 1 MiB: is it the right file? Else apply its policies in several files",
        assertThrows(HoldfastException.class, () -> read(large)).getMessage());
    assertProblems("---\na: 1\n".repeat(1_001), "p.yaml:2002:1: more than 1000 documents");
    assertSpecProblems(
        """
        selector: &all {}
        source: {files: {include: [/a], exclude: *all}}
        schedule: {cron: '@daily'}
        """,
        "p.yaml:6:44: an alias (*) isn't supported: write the value out");
    String many = "/a" + ", /b".repeat(1_000);
    assertSpecProblems(
        "selector: {}\nsource: {files: {include: [" + many + "]}}\nschedule: {cron: '@daily'}\n",
        "p.yaml:6:20: \"spec.source.files.include\": it holds more than 1000 items");
  }

  @Test
  void hiddenCharactersShouldBeRefused() {
    assertProblems(
        "apiVersion: holdfast/v1\nkind: Policy\nmetadata: {name: p, description: \"a\\u202eb\"}\n"
            + "spec: {selector: {}, source: {files: {include: [\"/a\\0\"]}},"
            + " schedule: {cron: \"@daily\"}}\n",
        "p.yaml:3:34: \"metadata.description\": control and formatting characters aren't allowed",
        "p.yaml:4:49: \"spec.source.files.include\": control and formatting characters aren't"
            + " allowed");
  }
}
