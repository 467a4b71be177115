package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.sealing.SealedHeader;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.PackState;
import io.holdfast.coordinator.catalog.RegisteredPack;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.LossCause;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Reads one pack from end to end, past all caches: its header, every entry that is present, its
 * footer against the registered hash, its trailer. Needs no key. Any thread; used once.
 */
final class PackCheck {
  /** An entry that two readings found bad; empty cause if nothing can be told of it now. */
  record BadEntry(int entry, Optional<LossCause> cause, Fault fault) {}

  private final Vault vault;
  private final SealedReads reads;
  private final RegisteredPack pack;
  private final PackState state;
  private final BitSet good = new BitSet();
  private final List<BadEntry> bad = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private boolean gone;
  private long bytesRead;

  PackCheck(Vault vault, KnownPack known) {
    this.vault = vault;
    this.reads = new SealedReads(vault);
    this.pack = known.pack();
    this.state = known.state();
  }

  PackId pack() {
    return pack.id();
  }

  int entries() {
    return pack.entries();
  }

  /** Entries that are as they were written. */
  BitSet good() {
    return good;
  }

  /** Whether all of {@link #good} were checked before. */
  boolean tellsNothingNew() {
    return good.stream().allMatch(state::isChecked);
  }

  List<BadEntry> bad() {
    return bad;
  }

  /** What is wrong with the pack around its entries. */
  List<Fault> faults() {
    return faults;
  }

  /** Whether the pack, or its footer, was found gone by two readings. */
  boolean isGone() {
    return gone;
  }

  /** Whether it was read to its end, and all of it judged. */
  boolean isToldWhole() {
    return !gone && faults.isEmpty() && bad.stream().allMatch(each -> each.cause().isPresent());
  }

  long bytesRead() {
    return bytesRead;
  }

  /** Reads; an error that may pass ends as a fault, and says nothing of the entries not read. */
  PackCheck run() {
    try (ObjectReader reader = vault.open(SealedReads.objectName(pack.id()))) {
      checkSize(reader);
      Optional<PackFooter> footer = footer(reader);
      if (footer.isPresent()) {
        checkFrame(reader, footer.get());
        checkEntries(reader, footer.get());
      }
    } catch (HoldfastException e) {
      if (e.code() == ErrorCode.OBJECT_NOT_FOUND) {
        tell(reads.gone(pack.id()));
      } else {
        faults.add(Fault.ofPack(pack.id(), 0, e));
      }
    }
    return this;
  }

  private void tell(Reading reading) {
    switch (reading) {
      case Reading.Intact intact -> throw new IllegalStateException("a pack isn't one entry");
      case Reading.Lost(LossCause cause, HoldfastException why) -> {
        gone = true;
        faults.add(Fault.ofPack(pack.id(), 0, why));
      }
      case Reading.Untold(HoldfastException why) -> faults.add(Fault.ofPack(pack.id(), 0, why));
    }
  }

  private void checkSize(ObjectReader reader) {
    if (reader.size() != pack.sizeBytes()) {
      faults.add(
          Fault.ofPack(
              pack.id(),
              Math.min(reader.size(), pack.sizeBytes()),
              corrupt("has " + reader.size() + " bytes where " + pack.sizeBytes() + " were put")));
    }
  }

  /** The registered footer, or empty: then two readings found another, and the pack is gone. */
  private Optional<PackFooter> footer(ObjectReader reader) {
    Optional<PackFooter> first = registeredFooter(reader);
    if (first.isPresent()) {
      return first;
    }
    try (ObjectReader afresh = vault.open(SealedReads.objectName(pack.id()))) {
      Optional<PackFooter> second = registeredFooter(afresh);
      if (second.isEmpty()) {
        gone = true;
        faults.add(
            Fault.ofPack(
                pack.id(),
                footerOffset(),
                corrupt("doesn't end with the footer that was registered")));
      }
      return second;
    }
  }

  private Optional<PackFooter> registeredFooter(ObjectReader reader) {
    byte[] bytes = new byte[pack.footerLength()];
    try {
      reader.read(footerOffset(), ByteBuffer.wrap(bytes));
    } catch (HoldfastException e) {
      if (e.kind() != ErrorKind.CORRUPT) {
        throw e;
      }
      return Optional.empty(); // cut short
    }
    byte[] hash = Digests.newSha256().digest(bytes);
    return Arrays.equals(hash, pack.footerSha256().toByteArray())
        ? Optional.of(PackFooter.parse(pack.id(), bytes, 0, bytes.length))
        : Optional.empty();
  }

  private long footerOffset() {
    return pack.sizeBytes() - PackLayout.TRAILER_LENGTH - pack.footerLength();
  }

  /** Header and trailer: nothing is lost with them, and a vault that changes them is ill. */
  private void checkFrame(ObjectReader reader, PackFooter footer) {
    checkPart(reader, "header", 0, footer.identity().encode());
    long trailer = pack.sizeBytes() - PackLayout.TRAILER_LENGTH;
    checkPart(reader, "trailer", trailer, footer.trailer().encode());
  }

  private void checkPart(ObjectReader reader, String part, long offset, byte[] expected) {
    byte[] found = new byte[expected.length];
    reader.read(offset, ByteBuffer.wrap(found));
    if (!Arrays.equals(found, expected)) {
      faults.add(
          Fault.ofPack(pack.id(), offset, corrupt("has another " + part + " than was written")));
    }
  }

  private void checkEntries(ObjectReader reader, PackFooter footer) {
    int from = 0;
    while (from < footer.entries()) {
      int to = endOfRun(footer, from);
      checkRun(reader, footer, from, to);
      from = to;
    }
  }

  private static int endOfRun(PackFooter footer, int from) {
    int to = from + 1;
    while (to < footer.entries()
        && footer.offset(to) + footer.sealedLength(to) - footer.offset(from)
            <= PackReader.RUN_BYTES) {
      to++;
    }
    return to;
  }

  private void checkRun(ObjectReader reader, PackFooter footer, int from, int to) {
    int start = footer.offset(from);
    byte[] bytes = new byte[footer.offset(to - 1) + footer.sealedLength(to - 1) - start];
    Optional<HoldfastException> failure = read(reader, start, bytes);
    bytesRead += bytes.length;
    for (int entry = from; entry < to; entry++) {
      if (state.isPresent(entry)) {
        Reading reading =
            failure.isPresent()
                ? reads.again(footer, entry)
                : reads.judge(footer, entry, bytes, footer.offset(entry) - start);
        report(footer, entry, reading);
      }
    }
  }

  private static Optional<HoldfastException> read(ObjectReader reader, int start, byte[] bytes) {
    try {
      reader.read(start, ByteBuffer.wrap(bytes));
      return Optional.empty();
    } catch (HoldfastException e) {
      return Optional.of(e);
    }
  }

  private void report(PackFooter footer, int entry, Reading reading) {
    switch (reading) {
      case Reading.Intact intact -> reportIntact(footer, entry, intact);
      case Reading.Lost(LossCause cause, HoldfastException why) ->
          addBad(footer, entry, Optional.of(cause), why);
      case Reading.Untold(HoldfastException why) -> addBad(footer, entry, Optional.empty(), why);
    }
  }

  private void reportIntact(PackFooter footer, int entry, Reading.Intact intact) {
    try {
      checkReferences(footer, entry, intact);
      good.set(entry);
    } catch (HoldfastException e) {
      boolean lie = e.kind() == ErrorKind.CORRUPT;
      addBad(
          footer,
          entry,
          lie ? Optional.of(LossCause.LOSS_CAUSE_PROOF_FAILED) : Optional.empty(),
          e);
    }
  }

  /** Garbage collection and replication follow the footer's copy of a page's references. */
  private static void checkReferences(PackFooter footer, int entry, Reading.Intact intact) {
    if (footer.isSnapshotRecord(entry)) {
      return;
    }
    ChunkRef chunk = footer.chunk(entry);
    SealedHeader header =
        SealedHeader.parse(chunk, intact.bytes(), intact.offset(), intact.length());
    if (chunk.kind() == ChunkKind.PAGE) {
      ChunkExam.clearReferences(chunk, header, footer, entry);
    }
  }

  private void addBad(
      PackFooter footer, int entry, Optional<LossCause> cause, HoldfastException why) {
    Optional<ChunkRef> chunk =
        footer.isSnapshotRecord(entry) ? Optional.empty() : Optional.of(footer.chunk(entry));
    Fault fault = new Fault(Optional.of(pack.id()), footer.offset(entry), chunk, why, List.of());
    bad.add(new BadEntry(entry, cause, fault));
  }

  private HoldfastException corrupt(String what) {
    return new HoldfastException(
        ErrorCode.PACK_CORRUPT,
        "pack "
            + pack.id()
            + " in vault "
            + vault.identity().vault()
            + " "
            + what
            + "; look at the vault's disks, and run a backup of the hosts");
  }
}
