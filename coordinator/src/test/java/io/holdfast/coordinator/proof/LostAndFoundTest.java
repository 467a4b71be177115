package io.holdfast.coordinator.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.CondemnedEntries;
import io.holdfast.proto.stored.v1.EntriesCondemned;
import io.holdfast.proto.stored.v1.HostErased;
import io.holdfast.proto.stored.v1.HostRevoked;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LostAndFoundTest {
  private static final ProofLevel CHECKED = ProofLevel.PROOF_LEVEL_CHECKED;
  private static final ProofLevel PROVEN = ProofLevel.PROOF_LEVEL_PROVEN;

  private final TestRepository repository = TestRepository.begun(3);
  private final TestHost alice = TestHost.enrol(repository, "alice");
  private final TestHost bob = TestHost.enrol(repository, "bob");
  private final Faults told = new Faults();

  @Test
  void aPackThatIsBackShouldBeStoredAnewOnce() throws Exception {
    SnapshotId snapshot = alice.backup().file("a", "first").file("b", "second").commit();
    verify(PROVEN);
    ObjectName pack = packOf("first");
    repository.vault().takeAway(pack);
    assertEquals(1, verify(CHECKED).faults());
    assertEquals(0, verify(CHECKED).foundAgain(), "it is still away");
    repository.vault().bringBack(pack);
    VerifyTally tally = verify(CHECKED);
    assertEquals(2, tally.foundAgain());
    assertEquals(0, tally.faults(), told.faults::toString);
    assertTrue(alice.counts(chunk("first")));
    assertTrue(alice.counts(chunk("second")));
    int packs = packs().size();
    assertEquals(0, verify(PROVEN).foundAgain());
    assertEquals(packs, packs().size());
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
  }

  @Test
  void pagesShouldComeBackWithWhatTheyReferTo() throws Exception {
    SnapshotId snapshot = alice.backup().file("a", "first").commit();
    List<ObjectName> all = packs();
    all.forEach(repository.vault()::takeAway);
    assertEquals(all.size(), verify(CHECKED).faults());
    all.forEach(repository.vault()::bringBack);
    assertEquals(0, verify(PROVEN).faults(), told.faults::toString);
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
  }

  /** Trust has to be earned anew: only its uploader may rest on it until it is proven. */
  @Test
  void whatWasProvenShouldComeBackUnproven() throws Exception {
    alice.backup().file("a", "first").commit();
    verify(PROVEN);
    assertTrue(bob.counts(chunk("first")));
    loseAndBringBack(packOf("first"));
    verify(CHECKED);
    assertTrue(alice.counts(chunk("first")));
    assertFalse(bob.counts(chunk("first")));
    verify(PROVEN);
    assertTrue(bob.counts(chunk("first")));
  }

  @Test
  void aDiskThatReadsAgainShouldGiveBackOneChunk() throws Exception {
    alice.backup().file("a", "first").file("b", "second").commit();
    Location at = location("first");
    flip(at);
    verify(CHECKED);
    assertFalse(alice.counts(chunk("first")));
    flip(at);
    assertEquals(1, verify(CHECKED).foundAgain());
    assertTrue(alice.counts(chunk("first")));
  }

  /** It is as it was written, and no good. */
  @Test
  void whatFailedItsProofShouldStayLost() throws Exception {
    poison();
    assertEquals(1, verify(PROVEN).faults());
    assertEquals(0, verify(PROVEN).foundAgain());
    assertFalse(bob.counts(chunk("shared")));
    loseAndBringBack(packOf("shared"));
    verify(PROVEN);
    assertFalse(bob.counts(chunk("shared")), "nor with its pack");
  }

  @Test
  void whatFailsItsProofAfterItIsBackShouldNotComeBackAgain() throws Exception {
    poison();
    loseAndBringBack(packOf("shared"));
    VerifyTally back = verify(PROVEN);
    assertEquals(1, back.foundAgain(), "nobody had opened it");
    assertEquals(1, back.faults());
    int packs = packs().size();
    assertEquals(0, verify(PROVEN).foundAgain());
    assertEquals(packs, packs().size());
    assertFalse(bob.counts(chunk("shared")));
  }

  private void poison() throws Exception {
    bob.upload(chunk("shared"), bob.garbage(ChunkKind.DATA, "poison"));
    bob.backup().file("note", "shared").commit();
  }

  @Test
  void whatItsHostStoredAgainShouldNotBeStoredTwice() throws Exception {
    alice.backup().file("a", "first").commit();
    ObjectName pack = packOf("first");
    repository.vault().takeAway(pack);
    verify(CHECKED);
    alice.backup().file("a", "first").commit();
    repository.vault().bringBack(pack);
    assertEquals(0, verify(CHECKED).foundAgain());
  }

  /** Another host's unproven upload may be anything, so it stands in for nothing. */
  @Test
  void whatAnotherHostStoredShouldNotStandInForIt() throws Exception {
    alice.backup().file("a", "first").commit();
    ObjectName pack = packOf("first");
    repository.vault().takeAway(pack);
    verify(CHECKED);
    bob.upload(chunk("first"), bob.garbage(ChunkKind.DATA, "poison"));
    bob.flush();
    repository.vault().bringBack(pack);
    assertEquals(1, verify(CHECKED).foundAgain());
    assertTrue(alice.counts(chunk("first")));
  }

  @Test
  void aCopyThatIsLostAsWellShouldComeBackFromItself() throws Exception {
    alice.backup().file("a", "first").commit();
    loseAndBringBack(packOf("first"));
    verify(CHECKED);
    ObjectName copy = name(locations("first").getLast());
    repository.vault().takeAway(copy);
    verify(CHECKED);
    assertEquals(0, verify(CHECKED).foundAgain(), "its first place isn't asked again");
    repository.vault().bringBack(copy);
    assertEquals(1, verify(CHECKED).foundAgain());
    assertTrue(alice.counts(chunk("first")));
  }

  @Test
  void whatWasCondemnedShouldStayAway() throws Exception {
    alice.backup().file("a", "first").commit();
    Location at = location("first");
    condemn(at);
    assertFalse(alice.counts(chunk("first")));
    loseAndBringBack(name(at));
    assertEquals(0, verify(CHECKED).foundAgain());
  }

  /** What others need of it stays readable to them, as if the pack had never been away. */
  @Test
  void whatOthersNeedOfAnErasedHostShouldComeBack() throws Exception {
    alice.backup().file("a", "first").commit();
    verify(PROVEN);
    SnapshotId others = bob.backup().file("b", "first").commit();
    ByteString id = ByteString.copyFrom(alice.id().toByteArray());
    repository.append(
        Change.newBuilder().setHostRevoked(HostRevoked.newBuilder().setHost(id)).build());
    repository.append(
        Change.newBuilder().setHostErased(HostErased.newBuilder().setHost(id)).build());
    loseAndBringBack(packOf("first"));
    assertEquals(1, verify(PROVEN).foundAgain());
    assertTrue(bob.counts(chunk("first")));
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(others));
  }

  /** Else what expires would come back after each sweep. */
  @Test
  void whatASweepTookAfterItWasFoundShouldStayAway() throws Exception {
    alice.backup().file("a", "first").commit();
    loseAndBringBack(packOf("first"));
    verify(CHECKED);
    Location copy = locations("first").getLast();
    condemn(copy);
    repository.vault().delete(name(copy));
    verify(CHECKED);
    assertEquals(0, verify(CHECKED).foundAgain());
  }

  private void condemn(Location at) {
    CondemnedEntries.Builder entries =
        CondemnedEntries.newBuilder().setPack(ByteString.copyFrom(at.pack().toByteArray()));
    repository.append(
        Change.newBuilder()
            .setEntriesCondemned(
                EntriesCondemned.newBuilder()
                    .setMarkedThrough(seq())
                    .setFence(seq())
                    .addPacks(entries))
            .build());
  }

  @Test
  void aVaultWithoutRoomShouldKeepWhatItHasForItsCoordinator() throws Exception {
    alice.backup().file("a", "first").commit();
    loseAndBringBack(packOf("first"));
    repository.leaveRoom(100);
    assertEquals(0, verify(CHECKED).foundAgain());
    repository.leaveRoom(1 << 20);
    assertEquals(1, verify(CHECKED).foundAgain());
  }

  /** A catalog that was made while the pack was away knows none of its chunks. */
  @Test
  void aPackThatTheCatalogCouldNotReadShouldComeBack() throws Exception {
    SnapshotId snapshot = alice.backup().file("a", "first").commit();
    Location at = location("first");
    repository.vault().takeAway(name(at));
    repository.rebuildWithout(Set.of(at.pack()));
    new UnreadPacks(repository.proof()).record();
    assertEquals(List.of(), locations("first"));
    repository.vault().bringBack(name(at));
    assertEquals(1, verify(PROVEN).foundAgain());
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
    repository.restart();
    assertTrue(alice.counts(chunk("first")), "from the journal, too");
  }

  @Test
  void aVaultThatDoesNotAnswerShouldBeAskedAnotherTime() throws Exception {
    alice.backup().file("a", "first").commit();
    loseAndBringBack(packOf("first"));
    repository.restart(); // footers are forgotten
    repository.vault().failReads(1);
    assertEquals(0, verify(CHECKED).foundAgain());
    assertEquals(1, verify(CHECKED).foundAgain());
  }

  @Test
  void shouldBeFoundWithoutBeingAsked() throws Exception {
    alice.backup().file("a", "first").commit();
    ObjectName pack = packOf("first");
    repository.vault().takeAway(pack);
    verify(CHECKED);
    Rereading rereading =
        new Rereading(
            repository.proof(),
            ProofConfig.defaults(),
            Duration.ofDays(100),
            repository.time(),
            new DataActivity(repository.time()));
    rereading.poll();
    repository.vault().bringBack(pack);
    rereading.poll();
    assertFalse(alice.counts(chunk("first")), "it was looked for just now");
    repository.passTime(ProofConfig.defaults().retryInterval());
    rereading.poll();
    assertTrue(alice.counts(chunk("first")));
  }

  private void loseAndBringBack(ObjectName pack) throws Exception {
    repository.vault().takeAway(pack);
    verify(CHECKED);
    repository.vault().bringBack(pack);
  }

  private VerifyTally verify(ProofLevel level) throws InterruptedException {
    return new Verify(repository.proof()).run(level, Optional.empty(), told);
  }

  private long seq() {
    try (CatalogView view = repository.view()) {
      return view.appliedSeq();
    }
  }

  private ChunkRef chunk(String content) {
    return alice.key(ChunkKind.DATA, content.getBytes(StandardCharsets.UTF_8)).ref();
  }

  private List<Location> locations(String content) {
    try (CatalogView view = repository.view()) {
      return view.chunks().locations(chunk(content));
    }
  }

  private Location location(String content) {
    return locations(content).getFirst();
  }

  private ObjectName packOf(String content) {
    return name(location(content));
  }

  /** Those that aren't lost. */
  private List<ObjectName> packs() {
    List<ObjectName> packs = new ArrayList<>();
    try (CatalogView view = repository.view()) {
      for (KnownPack known : view.packs().from(0, 1_000)) {
        if (!known.state().isLost()) {
          packs.add(name(known.pack().id()));
        }
      }
      assertEquals(view.totals().of(Total.PACKS), packs.size());
    }
    return packs;
  }

  private void flip(Location at) {
    repository.vault().flip(name(at), at.offset() + at.sealedLength() / 2);
  }

  private static ObjectName name(Location at) {
    return name(at.pack());
  }

  private static ObjectName name(PackId pack) {
    return ObjectName.of(PackLayout.objectName(pack));
  }
}
