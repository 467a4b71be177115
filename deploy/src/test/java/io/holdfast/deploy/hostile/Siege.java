package io.holdfast.deploy.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.proto.stored.v1.Change.ChangeCase;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets somebody attack a fleet and looks at what came of it: refused with the expected error,
 * counted, and nothing in the journal but that a session began and ended.
 */
final class Siege {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long QUIET_NANOS = 1_500_000_000L;
  private static final Set<ChangeCase> SESSIONS =
      EnumSet.of(ChangeCase.SESSION_OPENED, ChangeCase.SESSION_CLOSED);

  private final Fleet fleet;
  private final JournalFiles journal;

  Siege(Fleet fleet) {
    this.fleet = fleet;
    this.journal = new JournalFiles(fleet.vault());
  }

  /** Waits until packs that were left open are registered: until longer than one stays open. */
  void awaitQuiet() throws IOException {
    long[] seen = {journal.head(), System.nanoTime()};
    await(
        "a journal that stands still",
        () -> {
          if (journal.head() != seen[0]) {
            seen[0] = journal.head();
            seen[1] = System.nanoTime();
          }
          return System.nanoTime() - seen[1] > QUIET_NANOS;
        });
  }

  /** Something that is refused, and how. */
  interface Attack {
    HoldfastException refusal() throws Exception;
  }

  /** The attack must fail like that and leave nothing. */
  void refused(ErrorCode expected, Attack attack) throws Exception {
    refused(expected, EnumSet.noneOf(ChangeCase.class), attack);
  }

  /**
   * The attack must fail like that.
   *
   * @param left what it may leave in the journal beside the opening and end of sessions
   */
  void refused(ErrorCode expected, Set<ChangeCase> left, Attack attack) throws Exception {
    awaitNoSession(); // one that was left before this attack may not end during it
    String sample = "holdfast_calls_refused_total{error=\"" + expected + "\",}";
    double before = fleet.metric(sample);
    long head = journal.head();

    HoldfastException refusal = attack.refusal();

    assertEquals(expected, refusal.code(), refusal::getMessage);
    await("counted: " + sample, () -> fleet.metric(sample) > before);
    assertNothingLeft(head, left);
  }

  private void assertNothingLeft(long head, Set<ChangeCase> left) throws Exception {
    awaitNoSession();
    EnumSet<ChangeCase> allowed = EnumSet.copyOf(SESSIONS);
    allowed.addAll(left);
    List<ChangeCase> changes = journal.changesAfter(head);
    assertTrue(allowed.containsAll(changes), changes::toString);
  }

  private void awaitNoSession() throws IOException {
    await("every session ended", () -> journal.openSessions().isEmpty());
  }

  interface Condition {
    boolean holds() throws IOException;
  }

  static void await(String what, Condition condition) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < end, () -> "never happened: " + what);
      LockSupport.parkNanos(2_000_000);
    }
  }
}
