package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.proto.stored.v1.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The invariants as claims about what a power cut would leave. Each is named by what it says and
 * quotes its number.
 */
final class Invariants {
  private final Witness witness;
  private final Damage damage;
  private final Map<List<Object>, Receipt> receipts = new HashMap<>();
  private final Map<SimCoordinator, Integer> seen = new HashMap<>();
  private final Set<SnapshotId> deleted = new HashSet<>();
  private int restoredCount;
  private long seenLosses;
  private List<Long> seenSwept = List.of(0L, 0L);

  Invariants(Site site, Damage damage) {
    this.witness = new Witness(site.disk());
    this.damage = damage;
  }

  Witness witness() {
    return witness;
  }

  /** Every snapshot that somebody wanted deleted. */
  Set<SnapshotId> deleted() {
    return deleted;
  }

  boolean isLive(SimHost.Acknowledged ack) {
    try (CatalogView view = witness.view()) {
      return view.snapshots().find(ack.snapshot()).isPresent();
    }
  }

  /** What must hold after every event. */
  void check(List<SimCoordinator> coordinators, List<SimHost> hosts, int[] checkedAcks) {
    for (SimHost.Acknowledged ack : newAcks(hosts, checkedAcks)) {
      witness.advance(ack.receipt().getSeq());
      acknowledgedIsDurableAndWhole(ack);
      aRunCommitsOnce(ack);
    }
    witness.advance(Long.MAX_VALUE);
    for (SimCoordinator coordinator : coordinators) {
      neverTwoCommitters(coordinator);
      catalogEqualsAFreshReplay(coordinator);
    }
    aSweepTakesNothingThatIsKept(hosts);
    aRunIsOneSnapshot();
    onlyWhatSomebodyDeletedIsDeleted();
    aLossIsOnlyOfWhatIsDamagedOrALie();
  }

  /** By their records, so that each is looked at as it was committed if nobody looked later yet. */
  private static List<SimHost.Acknowledged> newAcks(List<SimHost> hosts, int[] checkedAcks) {
    List<SimHost.Acknowledged> acks = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      List<SimHost.Acknowledged> all = hosts.get(i).acknowledged();
      acks.addAll(all.subList(checkedAcks[i], all.size()));
      checkedAcks[i] = all.size();
    }
    acks.sort(Comparator.comparingLong(ack -> ack.receipt().getSeq()));
    return acks;
  }

  /** What was answered to anybody stands in the one journal that all will read (I4). */
  private void neverTwoCommitters(SimCoordinator coordinator) {
    List<SlotHash> all = coordinator.acknowledged();
    for (int i = seen.getOrDefault(coordinator, 0); i < all.size(); i++) {
      SlotHash slot = all.get(i);
      Claims.claim(
          "neverTwoCommitters (I4) and anAcknowledgedRecordIsDurable (I1)",
          witness.record(slot.seq()).equals(Optional.of(slot.hash())),
          "slot " + slot.seq() + " was acknowledged and isn't what the journal durably holds");
    }
    seen.put(coordinator, all.size());
  }

  /** Only the journal changes the catalog, and replaying it always comes to the same (I3). */
  private void catalogEqualsAFreshReplay(SimCoordinator coordinator) {
    if (!coordinator.isUp()) {
      return;
    }
    try (CatalogView view = coordinator.parts().ledger.view()) {
      if (view.appliedSeq() == witness.seq()) {
        Claims.claim(
            "catalogEqualsAFreshReplay (I3)",
            view.digest().equals(witness.digest()),
            "at seq " + witness.seq());
      }
    }
  }

  /** When commit returns, everything is durable, and the receipt says where (I1, I2). */
  void acknowledgedIsDurableAndWhole(SimHost.Acknowledged ack) {
    Receipt receipt = ack.receipt();
    Claims.claim(
        "theReceiptsRecordIsInTheJournal (I1)",
        witness
            .record(receipt.getSeq())
            .map(hash -> ByteString.copyFrom(hash.toByteArray()))
            .equals(Optional.of(receipt.getRecordHash())),
        "snapshot " + ack.snapshot() + " at seq " + receipt.getSeq());
    try (CatalogView view = witness.view()) {
      Optional<StoredSnapshot> stored = view.snapshots().ofRun(ack.host().member().id(), ack.run());
      Claims.claim(
          "anAcknowledgedSnapshotIsInTheJournal (I1)",
          stored.filter(one -> one.id().equals(ack.snapshot())).isPresent(),
          ack.snapshot() + "");
      Claims.claim(
          "theReceiptIsOfThatSnapshot (I1)",
          stored.get().seq() == receipt.getSeq(),
          ack.snapshot() + " stands at " + stored.get().seq() + ", not " + receipt.getSeq());
      boolean isKept = view.snapshots().findKept(ack.snapshot()).isPresent();
      Claims.claim(
          "onlyWhatSomebodyDeletedIsForgotten",
          isKept || deleted.contains(ack.snapshot()),
          ack.snapshot() + "");
      if (isKept && !damage.isHostile(ack.host())) {
        new DurableContent(witness, damage, view, stored.get()).compare(ack.candidates());
      }
    }
  }

  /** A repeated commit of a run is answered with the first one's receipt. */
  private void aRunCommitsOnce(SimHost.Acknowledged ack) {
    Receipt first = receipts.putIfAbsent(List.of(ack.host(), ack.run()), ack.receipt());
    Claims.claim(
        "aRepeatedCommitReturnsTheOldReceipt",
        first == null || first.equals(ack.receipt()),
        "run " + ack.run());
  }

  /** After each record of a sweep everything kept is looked at once more (I5). */
  private void aSweepTakesNothingThatIsKept(List<SimHost> hosts) {
    List<Long> swept;
    try (CatalogView view = witness.view()) {
      swept =
          List.of(view.totals().of(Total.CONDEMNED_ENTRIES), view.totals().of(Total.DELETED_PACKS));
    }
    if (!swept.equals(seenSwept)) {
      seenSwept = swept;
      hosts.forEach(host -> host.acknowledged().forEach(this::acknowledgedIsDurableAndWhole));
    }
  }

  private void aRunIsOneSnapshot() {
    Set<List<Object>> runs = new HashSet<>();
    try (CatalogView view = witness.view()) {
      view.snapshots()
          .forEachKept(snapshot ->
              Claims.claim(
                  "aRunIsOneSnapshot",
                  runs.add(List.of(snapshot.host(), snapshot.committed().getRun())),
                  "run of snapshot " + snapshot.id()));
    }
  }

  private void onlyWhatSomebodyDeletedIsDeleted() {
    try (CatalogView view = witness.view()) {
      view.snapshots()
          .deletedWithPrefix("", Integer.MAX_VALUE)
          .forEach(kept ->
              Claims.claim(
                  "onlyWhatSomebodyDeletedIsDeleted",
                  deleted.contains(kept.stored().id()),
                  kept.stored().id() + ""));
    }
  }

  /** Unreadable isn't gone, and what a list lacks isn't either (I8). */
  private void aLossIsOnlyOfWhatIsDamagedOrALie() {
    try (CatalogView view = witness.view()) {
      long losses = view.totals().of(Total.LOST_ENTRIES);
      if (losses > seenLosses) {
        seenLosses = losses;
        view.packs().forEach(known -> requireDeserved(known, view));
      }
    }
  }

  private void requireDeserved(KnownPack known, CatalogView view) {
    PackId pack = known.pack().id();
    if (known.state().isDeleted()) {
      return;
    }
    PackFooter footer = witness.footers().get(pack, view);
    for (int entry = 0; entry < footer.entries(); entry++) {
      Claims.claim(
          "aLossIsOnlyOfWhatIsDamagedOrALie (I8)",
          known.state().isReadable(entry)
              || damage.wasDamaged(pack)
              || damage.isHostile(footer.owner(footer.ownerIndex(entry))),
          "entry " + entry + " of pack " + pack + " was recorded as lost");
    }
  }

  /** Nothing is proven but what is good (I8): other hosts rest on it. */
  void whatIsProvenIsGood() {
    try (CatalogView view = witness.view()) {
      if (view.repository().isPrivate()) {
        return; // nobody proves: what each snapshot leads to is looked at as it is opened
      }
      try (ProvenContent content = new ProvenContent(witness, damage, view)) {
        content.check();
      }
    }
  }

  /** A restore gives byte-identical files, or names what it can't give (I8). */
  void restoredIsIdenticalOrNamed(SimHost.Restored restored, boolean calm) {
    restoredCount++;
    if (damage.isHostile(restored.of().host())) {
      return;
    }
    Set<EntryPath> named = new HashSet<>();
    restored.result().findings().failures().forEach(failure -> named.add(failure.path()));
    Claims.claim(
        "damagedContentIsNeverRestoredSilently (I8)",
        restored.of().candidates().stream()
            .anyMatch(files -> isIdenticalOrNamed(restored.directory(), files, named)),
        "snapshot " + restored.of().snapshot());
    boolean passing =
        !calm
            && restored.result().findings().failures().stream()
                .allMatch(failure -> failure.code().kind() == ErrorKind.RETRY);
    Claims.claim(
        "anUndamagedSnapshotRestoresWhole (I1)",
        named.isEmpty() || passing || restored.deceived() || damage.any(),
        restored.of().snapshot() + " lacks " + restored.result().findings().failures());
  }

  private static boolean isIdenticalOrNamed(
      Path directory, Map<EntryPath, SimTree.SimFile> files, Set<EntryPath> named) {
    return files.entrySet().stream()
        .allMatch(file ->
            isIdentical(directory, file.getKey(), file.getValue().bytes())
                || named.stream().anyMatch(file.getKey()::isWithin));
  }

  private static boolean isIdentical(Path directory, EntryPath path, byte[] content) {
    Path file = directory.resolve(new String(path.toByteArray(), StandardCharsets.UTF_8));
    try {
      return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many restores came to an end and were compared. */
  int restored() {
    return restoredCount;
  }
}
