package io.holdfast.coordinator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoliciesTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final HostTraits DB = Samples.host("db", Map.of("role", "db"));
  private static final HostTraits WEB = Samples.host("web", Map.of("role", "web"));
  private static final HostTraits DESK = Samples.host("desk", Map.of());

  private static Policy files(String name, String role, String paths, String rest) {
    return Samples.policy(
        name,
        "selector: {matchLabels: {role: "
            + role
            + "}}\nsource: {files: {include: ["
            + paths
            + "]}}\nschedule: {cron: '@daily'}\n"
            + rest);
  }

  @Test
  void hostsShouldBeInWhatFitsThem() {
    Policy studio =
        Samples.policy(
            "studio",
            """
            selector: {matchLabels: {role: db}}
            schedule: {cron: '@daily'}
            dataClasses:
              - {name: a, source: {files: {include: [/a]}}}
              - {name: b, source: {postgresql: {}}}
            """);
    Policies policies = new Policies(List.of(files("etc", "db", "/etc", ""), studio));
    assertEquals(
        List.of("etc", "studio/a", "studio/b"),
        policies.of(DB).stream().map(Policies.Membership::toString).toList());
    assertEquals(List.of(), policies.of(WEB));
    assertEquals(List.of(WEB, DESK), policies.unprotected(List.of(DB, WEB, DESK)));
  }

  @Test
  void whatIsInEachOthersWayShouldBeTold() {
    Policies policies =
        new Policies(
            List.of(
                files("one", "db", "/etc, /var", "retention: {daily: 7}\n"),
                files("two", "db", "/var, /etc/", "retention: {daily: 7}\n"),
                files("three", "db", "/etc, /var", "retention: {daily: 8}\n"),
                files("four", "db", "/var/lib", ""),
                files("five", "db", "/variable", ""),
                files("six", "web", "/etc, /var", "")));
    assertEquals(
        List.of(
            "one and two: both back up files /etc /var",
            "one and three: both back up files /etc /var, with different retention",
            "one and four: both read /var/lib",
            "two and three: both back up files /etc /var, with different retention",
            "two and four: both read /var/lib",
            "three and four: both read /var/lib"),
        policies.overlaps(DB).stream().map(Overlap::toString).toList());
    assertEquals(List.of(), policies.overlaps(WEB));
  }

  @Test
  void theRootShouldHoldEverything() {
    Policies policies =
        new Policies(List.of(files("all", "db", "/", ""), files("etc", "db", "/etc", "")));
    assertEquals(
        List.of("all and etc: both read /etc"),
        policies.overlaps(DB).stream().map(Overlap::toString).toList());
  }

  @Test
  void promisesThatTheScheduleBreaksShouldBeTold() {
    assertEquals(
        List.of(
            "data class \"default\": rpo 12h can't be kept, for its runs are up to 1d 0h apart"),
        Promises.broken(files("p", "db", "/etc", "objectives: {rpo: 12h}\n"), NOW));
    assertEquals(
        List.of(), Promises.broken(files("p", "db", "/etc", "objectives: {rpo: 24h}\n"), NOW));
    Policy weekdays =
        Samples.policy(
            "p",
            """
            selector: {}
            source: {files: {include: [/a]}}
            schedule: {cron: 0 2 * * mon-fri}
            objectives: {rpo: 26h}
            """);
    assertEquals(
        List.of(
            "data class \"default\": rpo 1d2h can't be kept, for its runs are up to 3d 0h apart"),
        Promises.broken(weekdays, NOW));
  }
}
