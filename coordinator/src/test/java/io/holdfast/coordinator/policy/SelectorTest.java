package io.holdfast.coordinator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.HostDetails;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
  private static final HostTraits HOST =
      Samples.host("db-1.berlin", Map.of("role", "db", "site", "berlin"));

  private static boolean fits(String selector) {
    return Samples.policy(
            "p",
            "source: {files: {include: [/a]}}\nschedule: {cron: '@daily'}\nselector: " + selector)
        .selector()
        .fits(HOST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|{}",
        "true|{matchLabels: {role: db}}",
        "true|{matchLabels: {role: db, site: berlin}, matchFacts: {os: linux, arch: amd64}}",
        "false|{matchLabels: {role: db, site: hamburg}}",
        "false|{matchLabels: {rack: a}}",
        "false|{matchFacts: {arch: aarch64}}",
        "true|{matchFacts: {osVersion: 6.1.0-35-amd64, hostname: db-1.berlin}}",
        "true|{matchExpressions: [{label: site, operator: In, values: [hamburg, berlin]}]}",
        "false|{matchExpressions: [{label: site, operator: In, values: [hamburg]}]}",
        "false|{matchExpressions: [{label: rack, operator: In, values: [a]}]}",
        "false|{matchExpressions: [{label: site, operator: NotIn, values: [berlin]}]}",
        "true|{matchExpressions: [{label: rack, operator: NotIn, values: [a]}]}",
        "true|{matchExpressions: [{label: site, operator: Exists}]}",
        "false|{matchExpressions: [{label: rack, operator: Exists}]}",
        "true|{matchExpressions: [{label: rack, operator: DoesNotExist}]}",
        "true|{matchExpressions: [{fact: hostname, operator: Matches, values: ['x', 'db-?.*']}]}",
        "false|{matchExpressions: [{fact: hostname, operator: Matches, values: ['db-']}]}",
        "false|{matchExpressions: [{fact: hostname, operator: DoesNotMatch, values: ['db*']}]}",
        "true|{matchExpressions: [{label: rack, operator: DoesNotMatch, values: ['*']}]}",
        "false|{matchLabels: {role: db}, matchExpressions: [{label: rack, operator: Exists}]}",
      })
  void everyConditionShouldHaveToBeMet(boolean fits, String selector) {
    assertEquals(fits, fits(selector));
  }

  @Test
  void factsShouldBeWhatTheHostSaidAtItsEnrolment() {
    HostId id = new HostId(new UUID(1, 2));
    HostTraits silent = HostTraits.of(id, HostDetails.getDefaultInstance());
    assertEquals(Map.of(Fact.ID, id.toString()), silent.facts());
    assertEquals(id.toString(), silent.name());
    assertEquals("linux", HOST.facts().get(Fact.OS));
    HostTraits bare =
        HostTraits.of(id, HostDetails.newBuilder().setOperatingSystem("FreeBSD").build());
    assertEquals("freebsd", bare.facts().get(Fact.OS));
    assertFalse(bare.facts().containsKey(Fact.OS_VERSION));
    assertTrue(Selector.EVERY_HOST.fits(silent));
  }
}
