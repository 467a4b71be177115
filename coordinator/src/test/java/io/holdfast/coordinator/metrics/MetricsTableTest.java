package io.holdfast.coordinator.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.absence.Absence;
import io.holdfast.coordinator.absence.AbsenceKit;
import io.holdfast.coordinator.browse.HostNames;
import io.holdfast.coordinator.testkit.DamageableVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's table of metrics is what is exported. */
class MetricsTableTest {
  private static final Pattern ROW = Pattern.compile("^\\| `(holdfast_[a-z_]+)", Pattern.MULTILINE);
  private static final Pattern TYPE = Pattern.compile("^# TYPE (holdfast_\\S+)", Pattern.MULTILINE);

  private static Path readme() {
    Path here = Path.of("").toAbsolutePath();
    return Stream.of(here.resolve("README.md"), here.resolveSibling("README.md"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static String exported(AbsenceKit kit) {
    Metrics metrics = new Metrics(false);
    metrics.proof().backlog(0, 0, 0);
    Absence absence = new Absence(kit.ports(), kit.now());
    metrics.add(
        new CatalogGauges(
            new GaugeSources(
                kit.fleet.catalog::view,
                new DamageableVault(),
                names(kit),
                kit.health,
                () -> true,
                () -> 1,
                () -> 1,
                () -> 0,
                () -> 0,
                host -> 0,
                () -> Optional.of(absence.report(kit.now())))));
    metrics.add(new NodeGauges(List::of, Optional::empty, 1, 1));
    metrics.add(
        new ProofGauges(
            kit.fleet.catalog::view, Optional.of(AbsenceKit.PROOF_WITHIN), Duration.ofDays(30)));
    metrics.add(new WaitingGauges(() -> Optional.of(List.of()), Optional::empty, () -> 0));
    metrics.add(new AlarmGauges(List::of, () -> Map.of("webhook", 0)));
    return metrics.scrape("text/plain; version=0.0.4; charset=utf-8");
  }

  private static HostNames names(AbsenceKit kit) {
    return new HostNames() {
      @Override
      public HostId find(String text) {
        return kit.fleet.hosts.find(text).id();
      }

      @Override
      public String name(HostId host) {
        return kit.fleet.hosts.get(host).name();
      }
    };
  }

  @Test
  void theTableShouldNameExactlyWhatIsExported() throws Exception {
    try (AbsenceKit kit = new AbsenceKit(71)) {
      Set<String> exported = found(TYPE, exported(kit));
      exported.removeIf(name -> name.endsWith("_created")); // when counting began
      assertEquals(exported, found(ROW, Files.readString(readme())), "exported, README");
    }
  }

  @Test
  void shouldShowEachPolicyOfEachHost() throws IOException, InterruptedException {
    try (AbsenceKit kit = new AbsenceKit(72)) {
      HostId web = kit.enrol("web");
      kit.enrol("db");
      kit.apply(AbsenceKit.nightly("p", "/srv", ""));
      kit.backup(web, "/srv").commit();
      kit.pass(Duration.ofHours(20));
      String text = exported(kit);
      assertHas(text, "holdfast_backup_overdue{host=\"web\",policy=\"p\",} 1.0");
      assertHas(text, "holdfast_hosts_by_protection{protection=\"never\",} 1.0");
      assertHas(text, "holdfast_hosts_by_protection{protection=\"overdue\",} 1.0");
      assertHas(text, "holdfast_backup_last_duration_seconds{host=\"web\",policy=\"p\",} 600.0");
      assertHas(text, "holdfast_backup_last_files{host=\"web\",policy=\"p\",} 7.0");
      assertHas(text, "holdfast_backup_last_bytes{host=\"web\",policy=\"p\",kind=\"read\",} 700.0");
      assertHas(text, "holdfast_backup_last_success_timestamp_seconds{host=\"web\",policy=\"p\",}");
      assertHas(text, "holdfast_backup_last_success_timestamp_seconds{host=\"web\",policy=\"\",}");
    }
  }

  @Test
  void shouldShowHowLongARestoreWouldTakeWhereThatIsPromised() throws InterruptedException {
    try (AbsenceKit kit = new AbsenceKit(73)) {
      HostId web = kit.enrol("web");
      kit.apply(AbsenceKit.nightly("p", "/srv", "objectives: {rto: 1h}"));
      kit.apply(AbsenceKit.nightly("q", "/srv", ""));
      kit.backup(web, "/srv").size(72L << 30).commit();
      String estimate = "holdfast_restore_estimate_seconds{host=\"web\",policy=\"p\",}";
      assertFalse(exported(kit).contains(estimate), "none was measured");
      kit.restore(web, 100L << 20, Duration.ofSeconds(10));
      String text = exported(kit);
      assertHas(text, estimate + " 7372.8");
      assertHas(text, "holdfast_restore_objective_seconds{host=\"web\",policy=\"p\",} 3600.0");
      assertFalse(text.contains("holdfast_restore_objective_seconds{host=\"web\",policy=\"q\""));
    }
  }

  private static void assertHas(String text, String line) {
    assertTrue(text.contains(line), () -> line + " isn't in:\n" + text);
  }
}
