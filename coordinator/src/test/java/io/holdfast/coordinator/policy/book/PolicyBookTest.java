package io.holdfast.coordinator.policy.book;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.policy.book.PolicyChange.Kind;
import io.holdfast.coordinator.policy.yaml.PolicyWriter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyBookTest {
  private final FleetKit kit = new FleetKit(31);
  private final PolicyBook book = new PolicyBook(kit.ports, kit.hosts);

  @BeforeEach
  void enrol() throws InterruptedException {
    kit.enrol("web");
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private static String policy(String name, String path, int daily) {
    return """
    apiVersion: holdfast/v1
    kind: Policy
    metadata: {name: %s}
    spec:
      selector: {}
      source: {files: {include: [%s]}}
      schedule: {cron: "@daily"}
      retention: {daily: %d}
    """
        .formatted(name, path, daily);
  }

  private PolicyBook.Outcome apply(String text) throws InterruptedException {
    return book.apply("p.yaml", text, false, "anna");
  }

  private List<String> names() {
    return book.all().stream().map(stored -> stored.policy().name()).toList();
  }

  private long seq() {
    return kit.journal.wireAuthority().getSeq();
  }

  @Test
  void shouldCreateChangeAndLeaveAlone() throws InterruptedException {
    assertEquals(Kind.CREATED, apply(policy("a", "/etc", 7)).changes().getFirst().kind());
    long before = seq();
    PolicyChange same = apply(policy("a", "/etc", 7)).changes().getFirst();
    assertEquals(Kind.UNCHANGED, same.kind());
    assertEquals(before, seq(), "nothing is journalled");
    PolicyChange changed = apply(policy("a", "/etc", 14)).changes().getFirst();
    assertEquals(Kind.CHANGED, changed.kind());
    assertEquals(
        List.of("~ retention.daily: 7 -> 14"),
        changed.fields().stream().map(Object::toString).toList());
    StoredPolicy stored = book.get("a");
    assertEquals(2, stored.version());
    assertEquals("anna", stored.actor());
    assertEquals(2, book.versions(stored.id()).size());
  }

  @Test
  void shouldApplyAllOfATextOrNothing() throws InterruptedException {
    apply(policy("a", "/etc", 7));
    String text = policy("b", "/srv", 7) + "---\n" + policy("a", "/etc", 3);
    assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> apply(text));
    assertEquals(List.of("a"), names());
    long before = seq();
    book.apply("p.yaml", text, true, "anna");
    assertEquals(before + 1, seq(), "one record");
    assertEquals(List.of("a", "b"), names());
  }

  @Test
  void shouldTellAllProblemsAndChangeNothing() {
    HoldfastException thrown =
        assertCode(
            ErrorCode.INVALID_CONFIGURATION,
            () -> apply(policy("a", "etc", 7).replace("@daily", "61 * * * *")));
    assertTrue(thrown.getMessage().contains("p.yaml:"), thrown.getMessage());
    assertEquals(List.of(), names());
  }

  @Test
  void shouldAskBeforeSnapshotsMayGo() throws InterruptedException {
    apply(policy("a", "/etc", 7));
    HoldfastException thrown =
        assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> apply(policy("a", "/etc", 3)));
    assertTrue(thrown.getMessage().contains("daily 7 -> 3"), thrown.getMessage());
    assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> book.delete("a", false, "anna"));
    assertEquals(1, book.get("a").version());
  }

  @Test
  void shouldOnlyPlanWhatIsAskedAbout() {
    PolicyBook.Outcome outcome = book.plan("p.yaml", policy("a", "/etc", 7));
    assertEquals(Kind.CREATED, outcome.changes().getFirst().kind());
    assertEquals(List.of(), names());
  }

  @Test
  void shouldDeleteAndLetTheNameBeUsedAnew() throws InterruptedException {
    apply(policy("a", "/etc", 7));
    StoredPolicy first = book.get("a");
    assertEquals(Kind.DELETED, book.delete("a", true, "bert").changes().getFirst().kind());
    assertCode(ErrorCode.POLICY_NOT_FOUND, () -> book.get("a"));
    assertCode(ErrorCode.POLICY_NOT_FOUND, () -> book.delete("a", true, "bert"));
    apply(policy("a", "/etc", 7));
    assertEquals(1, book.get("a").version());
    assertTrue(!first.id().equals(book.get("a").id()));
  }

  @Test
  void shouldWarnOfWhatIsInEachOthersWayAndOfWhatFitsNobody() throws InterruptedException {
    apply(policy("a", "/etc", 7));
    List<String> warnings = apply(policy("b", "/etc", 8)).warnings();
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.getFirst().contains("different retention"), warnings.getFirst());
    String nobody =
        policy("c", "/srv", 7).replace("selector: {}", "selector: {matchLabels: {no: one}}");
    assertEquals(List.of("policy c fits no host that is enrolled"), lines(nobody));
  }

  @Test
  void shouldWarnOfAPromiseThatTheScheduleBreaksBeforeAndWhenItIsApplied()
      throws InterruptedException {
    String text = policy("a", "/etc", 7) + "  objectives: {rpo: 12h}\n";
    List<String> planned = book.plan("p.yaml", text).warnings();
    assertEquals(
        List.of(
            "policy a: data class \"default\": rpo 12h can't be kept, for its runs are up to 1d"
                + " 0h apart"),
        planned);
    assertEquals(planned, apply(text).warnings());
  }

  private List<String> lines(String text) throws InterruptedException {
    return apply(text).warnings().stream().filter(line -> line.contains("fits")).toList();
  }

  @Test
  void shouldKeepThePolicyAsItWasRead() throws InterruptedException {
    apply(policy("a", "/etc", 7));
    String shown = PolicyWriter.write(book.get("a").policy());
    assertEquals(Kind.UNCHANGED, apply(shown).changes().getFirst().kind());
  }
}
