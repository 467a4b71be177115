package io.holdfast.coordinator.pack;

import io.holdfast.common.id.SessionId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.coordinator.vault.ObjectWriter;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A pack that still takes chunks. Guarded by its assembler's lock until it is taken for sealing;
 * its dependents always.
 */
final class OpenPack {
  final PackHeader header;
  final ObjectWriter writer;
  final PackFooter.Builder footer;
  final long openedNanos;

  /** Who filled it. */
  final Set<SessionId> sessions = new LinkedHashSet<>();

  /** Who waits for it: who filled it, and who was told that a chunk in it is known. */
  final Set<SessionId> dependents = new HashSet<>();

  final Set<PendingKey> keys = new HashSet<>();

  /** Completes with the seq of the registration, once applied; or with why it failed. */
  final CompletableFuture<Long> registered = new CompletableFuture<>();

  OpenPack(PackHeader header, ObjectWriter writer, long openedNanos) {
    this.header = header;
    this.writer = writer;
    this.footer = new PackFooter.Builder(header);
    this.openedNanos = openedNanos;
    writer.append(ByteBuffer.wrap(header.encode()));
  }

  long size() {
    return footer.nextOffset();
  }

  boolean isAwaitedBy(Set<SessionId> any) {
    return dependents.stream().anyMatch(any::contains);
  }

  boolean hasRoomFor(PackItem item) {
    return footer.hasRoomFor(
        item.owner(), item.header().sealedLength(), item.header().referenceCount());
  }

  boolean hasRoomFor(SnapshotCopyItem copy) {
    return footer.hasRoomFor(copy.owner(), copy.length(), 0);
  }

  /** A copy belongs to no session: nobody waits for it. */
  void append(SnapshotCopyItem copy) {
    writer.append(copy.bytes());
    footer.addSnapshotRecord(
        copy.owner(), copy.snapshot(), copy.length(), copy.crc32c(), copy.hash());
  }

  void append(PackItem item) {
    writer.append(item.sealed());
    footer.addChunk(item.owner(), item.header(), item.crc32c(), item.hash());
    sessions.add(item.session());
    dependents.add(item.session());
    keys.add(new PendingKey(item.owner(), item.chunk()));
  }
}
