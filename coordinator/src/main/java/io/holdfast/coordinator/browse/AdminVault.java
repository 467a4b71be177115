package io.holdfast.coordinator.browse;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.catalog.CatalogTotals;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.CheckpointMark;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.PackQueries.LastRead;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.proof.Fault;
import io.holdfast.coordinator.proof.Verify;
import io.holdfast.coordinator.proof.VerifyListener;
import io.holdfast.coordinator.proof.VerifyTally;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.HostShare;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.SpaceShares;
import io.holdfast.proto.stored.v1.SweepCompleted;
import io.holdfast.proto.wire.v1.HostSpace;
import io.holdfast.proto.wire.v1.ListPacksRequest;
import io.holdfast.proto.wire.v1.ProofStatement;
import io.holdfast.proto.wire.v1.SpaceByHost;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.StoredPack;
import io.holdfast.proto.wire.v1.VaultStatsAnswer;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyFault;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyProgress;
import io.holdfast.proto.wire.v1.VerifyRequest;
import io.holdfast.proto.wire.v1.VerifyResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Admin calls about the vault, without gRPC around them. Any thread; calls block. */
public final class AdminVault {
  private static final Logger LOG = LoggerFactory.getLogger(AdminVault.class);
  private static final int PACK_BATCH = 1_000;
  private static final List<Total> CHUNKS =
      List.of(Total.DATA_CHUNKS, Total.BUNDLES, Total.BLOCK_MAPS, Total.PAGES);

  private final BrowsePorts ports;
  private final SnapshotNames names;
  private final Vault vault;
  private final String vaultName;
  private final Verify verify;
  private final Supplier<List<HoldfastException>> inspection;

  /**
   * Answers for one vault.
   *
   * @param vaultName what operators call it: a path or an address
   * @param inspection what is wrong with the vault's objects other than packs; asked at each
   *     verification of everything
   */
  public AdminVault(
      BrowsePorts ports,
      Vault vault,
      String vaultName,
      Verify verify,
      Supplier<List<HoldfastException>> inspection) {
    this.ports = ports;
    this.names = new SnapshotNames(ports.views(), ports.mutations(), ports.hosts());
    this.vault = vault;
    this.vaultName = vaultName;
    this.verify = verify;
    this.inspection = inspection;
  }

  /** Progress as it goes, every fault once, and the result last. */
  public void verify(VerifyRequest request, Sink<VerifyEvent> sink) throws InterruptedException {
    Optional<StoredSnapshot> snapshot =
        request.getSnapshot().isEmpty()
            ? Optional.empty()
            : Optional.of(names.resolve(request.getSnapshot()));
    VerifyListener listener = listener(sink);
    ProofLevel level = level(request.getLevel());
    VerifyTally tally = verify.run(level, snapshot, listener);
    List<HoldfastException> others = snapshot.isPresent() ? List.of() : inspection.get();
    for (HoldfastException other : others) {
      LOG.error("verify: {}", other.getMessage());
      listener.fault(Fault.of(other));
    }
    boolean isRecorded = snapshot.isPresent() || conclude(level, tally, others.size());
    VerifyResult.Builder result =
        VerifyResult.newBuilder()
            .setPacks(tally.packs())
            .setChunks(tally.chunks())
            .setBytes(tally.bytes())
            .setFaults(tally.faults() + others.size())
            .setSnapshots(tally.snapshots())
            .setErasedSnapshots(tally.erased())
            .setFoundAgain(tally.foundAgain());
    if (isRecorded && result.getFaults() == 0) {
      statement(level, snapshot).ifPresent(result::setStatement);
    }
    sink.send(VerifyEvent.newBuilder().setResult(result).build());
  }

  /** What was found is worth telling though the journal doesn't take it now. */
  private boolean conclude(ProofLevel level, VerifyTally tally, long others)
      throws InterruptedException {
    try {
      verify.conclude(level, tally, others);
      return true;
    } catch (HoldfastException e) {
      LOG.warn("that a verification came to its end isn't recorded: {}", e.getMessage());
      return false;
    }
  }

  /** What the journal holds by now of what was verified. */
  private Optional<ProofStatement> statement(ProofLevel level, Optional<StoredSnapshot> snapshot) {
    try (CatalogView view = ports.views().get()) {
      return snapshot.isPresent()
          ? view.proofs().ofSnapshot(snapshot.get().id()).map(Statements::of)
          : view.proofs().lastVerification(level).map(Statements::of);
    }
  }

  private static ProofLevel level(VerifyLevel level) {
    return switch (level) {
      case VERIFY_LEVEL_CHECKED, VERIFY_LEVEL_UNSPECIFIED -> ProofLevel.PROOF_LEVEL_CHECKED;
      case VERIFY_LEVEL_PROVEN -> ProofLevel.PROOF_LEVEL_PROVEN;
      case UNRECOGNIZED ->
          throw new HoldfastException(
              ErrorCode.INVALID_ARGUMENT,
              "this coordinator verifies as far as checked or proven; update it for more");
    };
  }

  private static VerifyListener listener(Sink<VerifyEvent> sink) {
    return new VerifyListener() {
      @Override
      public void progress(VerifyTally tally) throws InterruptedException {
        sink.send(
            VerifyEvent.newBuilder()
                .setProgress(
                    VerifyProgress.newBuilder()
                        .setPacks(tally.packs())
                        .setPacksExpected(tally.packsExpected())
                        .setBytes(tally.bytes())
                        .setBytesExpected(tally.bytesExpected()))
                .build());
      }

      @Override
      public void fault(Fault fault) throws InterruptedException {
        sink.send(VerifyEvent.newBuilder().setFault(message(fault)).build());
      }
    };
  }

  private static VerifyFault message(Fault fault) {
    VerifyFault.Builder message =
        VerifyFault.newBuilder()
            .setOffset(fault.offset())
            .setError(RpcErrors.detail(fault.error()))
            .addAllFiles(fault.files().stream().map(Files::named).toList());
    fault.pack().ifPresent(pack -> message.setPack(ByteString.copyFrom(pack.toByteArray())));
    fault
        .chunk()
        .ifPresent(chunk ->
            message
                .setKindValue(chunk.kind().number())
                .setId(ByteString.copyFrom(chunk.id().toByteArray())));
    return message.build();
  }

  /**
   * Packs that are there, the one that was read longest ago first, at most the limit that is asked
   * for. One that is read meanwhile may be left out: it isn't one of those.
   */
  public void listPacks(ListPacksRequest request, Sink<StoredPack> sink)
      throws InterruptedException {
    long limit = Integer.toUnsignedLong(request.getLimit());
    long left = limit == 0 ? Long.MAX_VALUE : limit;
    List<LastRead> batch = packs(Optional.empty());
    long throughSeq = appliedSeq();
    while (!batch.isEmpty() && left > 0) {
      for (LastRead pack : batch) {
        if (left > 0 && pack.by().seq() <= throughSeq) {
          sink.send(message(pack));
          left--;
        }
      }
      batch = packs(Optional.of(batch.getLast()));
    }
  }

  private long appliedSeq() {
    try (CatalogView view = ports.views().get()) {
      return view.appliedSeq();
    }
  }

  /** No view is held while a reader is slow. */
  private List<LastRead> packs(Optional<LastRead> after) {
    try (CatalogView view = ports.views().get()) {
      return after.isPresent()
          ? view.packs().leastRecentlyRead(after.get(), PACK_BATCH)
          : view.packs().leastRecentlyRead(PACK_BATCH);
    }
  }

  private static StoredPack message(LastRead read) {
    KnownPack known = read.pack();
    return StoredPack.newBuilder()
        .setPack(ByteString.copyFrom(known.pack().id().toByteArray()))
        .setSize(known.pack().sizeBytes())
        .setEntries(known.pack().entries())
        .setChecked(known.state().checkedEntries())
        .setProven(known.state().provenEntries())
        .setLost(known.state().goneEntries())
        .setCondemned(known.state().condemnedEntries())
        .setReading(Statements.of(read))
        .build();
  }

  /** Looks through all packs in the catalog, not in the vault. */
  public VaultStatsAnswer vaultStats() {
    try (CatalogView view = ports.views().get()) {
      CatalogTotals totals = view.totals();
      VaultStatsAnswer.Builder answer = VaultStatsAnswer.newBuilder();
      addSpace(view, answer);
      addProofs(view, answer);
      return answer
          .setVault(vaultName)
          .setPacks(totals.of(Total.PACKS))
          .setStoredBytes(totals.of(Total.STORED_BYTES))
          .setCondemnedBytes(totals.of(Total.CONDEMNED_BYTES))
          .setChunks(CHUNKS.stream().mapToLong(totals::of).sum())
          .setPlainBytes(totals.of(Total.PLAIN_BYTES))
          .setLogicalBytes(totals.of(Total.LOGICAL_BYTES))
          .setSnapshots(totals.of(Total.SNAPSHOTS))
          .setFreeBytes(vault.usableBytes())
          .setProvenBytes(provenBytes(view))
          .setLostChunks(totals.of(Total.LOST_ENTRIES))
          .setJournalSeq(view.appliedSeq())
          .setCheckpointSeq(checkpointSeq(view))
          .build();
    }
  }

  /** What the bytes of all objects of packs are made of, and whose those are. */
  private void addSpace(CatalogView view, VaultStatsAnswer.Builder answer) {
    CatalogTotals totals = view.totals();
    long sealed = totals.of(Total.SEALED_BYTES);
    answer
        .setLiveBytes(sealed - totals.of(Total.CONDEMNED_BYTES))
        .setSurplusBytes(totals.of(Total.SURPLUS_BYTES))
        .setOverheadBytes(totals.of(Total.STORED_BYTES) - sealed)
        .setVoidBytes(totals.of(Total.VOID_BYTES));
    view.sweeps()
        .lastSweep()
        .ifPresent(last -> {
          SweepCompleted swept = last.completed();
          answer
              .setLookedMillis(last.timeMillis())
              .setGarbageBytes(swept.getGarbageLeftBytes())
              .setUnnamedBytes(swept.getUnnamedBytes())
              .setLostBytes(swept.getLostBytes());
          if (swept.hasShares()) {
            answer.setSpace(space(swept.getShares()));
          }
        });
  }

  private SpaceByHost space(SpaceShares shares) {
    SpaceByHost.Builder space =
        SpaceByHost.newBuilder()
            .setMeasuredMillis(shares.getTimeMillis())
            .setLiveBytes(shares.getLiveBytes())
            .setSharedBytes(shares.getSharedBytes())
            .setUnreferencedBytes(shares.getUnreferencedBytes())
            .setOtherHosts(shares.getOtherHosts())
            .setOtherOwnBytes(shares.getOtherOwnBytes());
    for (HostShare share : shares.getHostsList()) {
      HostId host = HostId.of(share.getHost().toByteArray());
      space.addHosts(
          HostSpace.newBuilder()
              .setHost(share.getHost())
              .setName(ports.hosts().name(host))
              .setOwnBytes(share.getOwnBytes()));
    }
    return space.build();
  }

  /** Who said last that all of it was read. */
  private static void addProofs(CatalogView view, VaultStatsAnswer.Builder answer) {
    view.packs()
        .leastRecentlyRead()
        .ifPresent(oldest ->
            answer
                .setOldestPack(ByteString.copyFrom(oldest.pack().pack().id().toByteArray()))
                .setOldestReading(Statements.of(oldest)));
    view.proofs()
        .lastVerification(ProofLevel.PROOF_LEVEL_CHECKED)
        .map(Statements::of)
        .ifPresent(answer::setLastChecked);
    view.proofs()
        .lastVerification(ProofLevel.PROOF_LEVEL_PROVEN)
        .map(Statements::of)
        .ifPresent(answer::setLastProven);
  }

  /** A pack of which a part is proven counts by its share of entries. */
  private static long provenBytes(CatalogView view) {
    AtomicLong bytes = new AtomicLong();
    view.packs().forEach(known -> bytes.addAndGet(provenBytes(known)));
    return bytes.get();
  }

  private static long provenBytes(KnownPack known) {
    int entries = known.pack().entries();
    int proven = known.state().provenEntries();
    return proven == entries
        ? known.state().sealedBytes()
        : known.state().sealedBytes() / Math.max(entries, 1) * proven;
  }

  private static long checkpointSeq(CatalogView view) {
    List<CheckpointMark> marks = view.checkpoints();
    return marks.isEmpty() ? 0 : marks.getLast().seq();
  }

  /** Fills in what the status says of vault and snapshots. */
  public void addStatus(StatusAnswer.Builder status) {
    try (CatalogView view = ports.views().get()) {
      CatalogTotals totals = view.totals();
      status
          .setVault(vaultName)
          .setVaultFreeBytes(vault.usableBytes())
          .setVaultStoredBytes(totals.of(Total.STORED_BYTES))
          .setSnapshots(totals.of(Total.SNAPSHOTS))
          .setPrivateRepository(view.repository().isPrivate())
          .setSnapshotsUnproven(unproven(view));
    } catch (HoldfastException e) {
      status.addWarnings("the vault's figures can't be told: " + e.getMessage());
    }
  }

  private long unproven(CatalogView view) {
    AtomicLong count = new AtomicLong();
    boolean isPrivate = view.repository().isPrivate();
    view.snapshots()
        .forEach(snapshot -> {
          switch (ports.health().of(snapshot, view)) {
            case STORED, DAMAGED -> count.incrementAndGet();
            case CHECKED -> count.addAndGet(isPrivate ? 0 : 1);
            case PROVEN, ERASED -> {
              // nothing to wait for
            }
          }
        });
    return count.get();
  }
}
