package io.holdfast.deploy.sim;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A policy of a simulated fleet: all hosts are in it.
 *
 * @param isPromised whether a snapshot may never be old, where the times allow that
 * @param version of its description, which changes nothing
 */
record PolicySpec(
    String name,
    String cron,
    Optional<String> window,
    String spread,
    String catchUp,
    int retries,
    int priority,
    Optional<String> group,
    boolean isPromised,
    int version) {
  static final String GROUP = "branch";

  private static final List<String> CRONS =
      List.of("30 2 * * *", "@hourly", "@every 90m", "*/20 * * * *", "15 1-4 * * *", "0 3 * * *");

  private static final List<String> OFTEN = List.of("@hourly", "@every 90m", "*/20 * * * *");

  static PolicySpec drawn(String name, RandomGenerator random) {
    return new PolicySpec(
        name,
        CRONS.get(random.nextInt(CRONS.size())),
        random.nextInt(4) == 0 ? Optional.of("21:00-06:00") : Optional.empty(),
        random.nextInt(12) + "m",
        random.nextInt(3) == 0 ? "30m" : "always",
        random.nextInt(3),
        random.nextInt(3),
        random.nextInt(3) == 0 ? Optional.of(GROUP) : Optional.empty(),
        random.nextInt(2) == 0,
        0);
  }

  /** The same with other words about it. */
  PolicySpec described() {
    return new PolicySpec(
        name, cron, window, spread, catchUp, retries, priority, group, isPromised, version + 1);
  }

  /** The same at other times. */
  PolicySpec scheduled(String other) {
    return new PolicySpec(
        name, other, window, spread, catchUp, retries, priority, group, isPromised, version + 1);
  }

  static String cron(RandomGenerator random) {
    return CRONS.get(random.nextInt(CRONS.size()));
  }

  /** Whether hosts are late when they were away for hours, and never while they aren't. */
  boolean hasRpo() {
    return isPromised && window.isEmpty() && OFTEN.contains(cron);
  }

  /** As an operator writes it. */
  String text() {
    return """
    apiVersion: holdfast/v1
    kind: Policy
    metadata: {name: %s, description: "version %d"}
    spec:
      selector: {}
      source: {files: {include: [/srv, /srv-%s]}}
      schedule:
        cron: "%s"
        timeZone: Europe/Berlin
        spread: %s
        catchUp: %s
        windows: [%s]
        retries: {times: %d, backOff: 2m, longest: 4m}
      retention: {within: 3650d}
      limits: {priority: %d%s}
      objectives: {%s}
    """
        .formatted(
            name,
            version,
            name,
            cron,
            spread,
            catchUp,
            window.map(each -> '"' + each + '"').orElse(""),
            retries,
            priority,
            group.map(each -> ", group: " + each).orElse(""),
            hasRpo() ? "rpo: 5h" : "");
  }
}
