package io.holdfast.coordinator.audit;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.coordinator.audit.JournalVoucher.Vouched;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.coordinator.journal.TestFleet;
import io.holdfast.coordinator.journal.WrittenJournal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is vouched for is what was written, all of it; whatever is changed is named by its slot. */
class JournalVoucherTest {
  private final SeededRandomness randomness = new SeededRandomness(7);
  private final MutationSealer sealer = sealer();
  private final Audits audits = new Audits(sealer);
  private final WrittenJournal journal = new WrittenJournal();

  private MutationSealer sealer() {
    return new MutationSealer(TestFleet.REPOSITORY, Secret.random(randomness, 32), randomness);
  }

  private void write() {
    journal.append(audits.of("anna", "token", Optional.empty(), "one"));
    journal.append(TestFleet.mutation("nobody's"));
    journal.changeLeader();
    journal.append(
        audits.of("bert", "revoke", Optional.empty(), "two"),
        audits.of("bert", "revoke", Optional.empty(), "three"));
  }

  private JournalVoucher voucher(MutationSealer opening) {
    return new JournalVoucher(journal.slots(), TestFleet.VERIFIER, TestFleet.ANCHOR, opening);
  }

  private Vouched vouch(SlotHash head) {
    return voucher(sealer).vouch(head, seq -> {});
  }

  @Test
  void shouldVouchForEverythingFromTheFirstRecordToTheLast() {
    write();
    Vouched vouched = vouch(journal.head());
    assertEquals(1, vouched.firstSeq());
    assertEquals(5, vouched.lastSeq());
    assertEquals(journal.head().hash(), vouched.lastHash());
    assertEquals(5, vouched.records());
    assertEquals(2, vouched.terms());
    assertEquals(3, vouched.sealedParts());
    assertEquals(4, vouched.entries(), "the one without words is one, too");
    assertEquals(0, vouched.rollbacks());
    assertEquals(0, vouched.voids());
  }

  @Test
  void shouldVouchOnlyUpToWhatWasApplied() {
    journal.append(audits.of("anna", "token", Optional.empty(), "one"));
    SlotHash applied = journal.head();
    journal.append(audits.of("anna", "token", Optional.empty(), "two"));
    assertEquals(2, vouch(applied).lastSeq());
  }

  @Test
  void shouldNameTheFirstSlotWhereAByteWasChanged() {
    write();
    for (long seq = 1; seq <= journal.head().seq(); seq++) {
      byte[] whole = journal.slots().read(seq).orElseThrow();
      byte[] bad = whole.clone();
      bad[bad.length / 2] ^= 1;
      journal.slots().replace(seq, bad);
      HoldfastException why = assertCode(ErrorCode.JOURNAL_DAMAGED, () -> vouch(journal.head()));
      assertTrue(why.getMessage().contains(Long.toString(seq)), why.getMessage());
      journal.slots().replace(seq, whole);
    }
    assertEquals(5, vouch(journal.head()).records());
  }

  @Test
  void shouldNotTakeAnotherHistoryForTheOneThatWasApplied() {
    write();
    SlotHash applied = journal.head();
    SlotHash longer = new SlotHash(applied.seq() + 1, applied.hash());
    assertCode(ErrorCode.JOURNAL_DAMAGED, () -> vouch(longer));
    SlotHash other = new SlotHash(applied.seq() - 1, applied.hash());
    assertCode(ErrorCode.JOURNAL_DAMAGED, () -> vouch(other));
  }

  @Test
  void shouldNotVouchForWhatDoesNotOpen() {
    write();
    HoldfastException why =
        assertCode(
            ErrorCode.SIGNATURE_INVALID, () -> voucher(sealer()).vouch(journal.head(), seq -> {}));
    assertTrue(why.getMessage().contains("journal record 2"), why.getMessage());
  }
}
