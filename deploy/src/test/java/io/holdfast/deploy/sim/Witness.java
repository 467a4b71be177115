package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.coordinator.journal.JournalState;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.TestFleet;
import io.holdfast.coordinator.journal.Verdict;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.serve.ChunkReads;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sees what would be left of the vault if the power failed now, and nothing else: replays the
 * journal's durable slots into a catalog of its own, with footers from durable packs. What was
 * acknowledged must be found here.
 */
final class Witness {
  private final LossyDisk disk;
  private final Replay replay = new Replay(TestFleet.VERIFIER);
  private final Footers footers;
  private final Catalog catalog;
  private final PackReader packs;
  private final ChunkReads reads;
  private final TreeMap<Long, RecordHash> records = new TreeMap<>();
  private final List<Recorded> recorded = new ArrayList<>();
  private JournalState state = JournalState.beforeGenesis(TestFleet.ANCHOR);

  Witness(LossyDisk disk) {
    this.disk = disk;
    Vault vault = new DurableVault(disk);
    this.footers = new Footers(vault);
    this.catalog = Catalog.open(MemoryStore.open(null), footers, CatalogConfig.defaults());
    this.packs = new PackReader(vault);
    this.reads = new ChunkReads(catalog::view, packs, footers, new SimCoordinator.Silent());
  }

  /** Reads on to the last durable record, at most to slot {@code last}. */
  void advance(long last) {
    for (Optional<byte[]> bytes = next(last); bytes.isPresent(); bytes = next(last)) {
      switch (replay.judge(state, ByteString.copyFrom(bytes.get()))) {
        case Verdict.Valid valid -> {
          apply(valid);
          state = valid.after();
        }
        case Verdict.Outvoted outvoted -> state = outvoted.after();
        case Verdict.Damaged damaged ->
            throw new Claims.Broken("honestWritersCauseNoDamage", damaged.damage().toString());
        case Verdict.Rewind rewind ->
            throw new Claims.Broken("nobodyAcceptedARollback", rewind.toString());
      }
    }
  }

  private void apply(Verdict.Valid valid) {
    try {
      catalog.apply(
          new AppliedRecord(valid.record().hash(), valid.record().body(), ByteString.EMPTY));
    } catch (HoldfastException e) {
      throw new Claims.Broken(
          "noRecordRefersToAnObjectThatIsNotThere (I2)", "record " + valid.seq() + ": " + e);
    }
    records.put(valid.seq(), valid.record().hash());
    RecordBody body = valid.record().body();
    body.getMutationsList()
        .forEach(
            mutation -> recorded.add(new Recorded(body.getSeq(), body.getTimeMillis(), mutation)));
  }

  /** One mutation of a valid record. */
  record Recorded(long seq, long timeMillis, Mutation mutation) {
    Change change() {
      try {
        return Change.parseFrom(mutation.getClear());
      } catch (InvalidProtocolBufferException e) {
        throw new Claims.Broken("aMutationParses", "record " + seq + ": " + e);
      }
    }
  }

  /** All that ever changed, in order. */
  List<Recorded> recorded() {
    return recorded;
  }

  private Optional<byte[]> next(long last) {
    if (state.nextSeq() > last) {
      return Optional.empty();
    }
    String slot = String.format(Locale.ROOT, "journal/%020d", state.nextSeq());
    return disk.durable(Site.VAULT.resolve(slot));
  }

  CatalogView view() {
    return catalog.view();
  }

  long seq() {
    return catalog.appliedSeq();
  }

  /** The valid record of a slot. */
  Optional<RecordHash> record(long seq) {
    return Optional.ofNullable(records.get(seq));
  }

  Bytes32 digest() {
    try (CatalogView view = catalog.view()) {
      return view.digest();
    }
  }

  ChunkReads reads() {
    return reads;
  }

  /** What lies there. */
  byte[] sealed(Location at) {
    return packs.read(at.pack(), at.offset(), at.sealedLength());
  }

  Footers footers() {
    return footers;
  }
}
