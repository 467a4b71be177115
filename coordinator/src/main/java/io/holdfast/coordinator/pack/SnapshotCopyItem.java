package io.holdfast.coordinator.pack;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.proto.stored.v1.SnapshotCopy;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A copy of a committed snapshot's record, to ride in a page pack. */
public final class SnapshotCopyItem {
  private final HostId owner;
  private final SnapshotId snapshot;
  private final byte[] bytes;

  /** The copy of {@code snapshot}'s record, which is {@code owner}'s. */
  public SnapshotCopyItem(HostId owner, SnapshotId snapshot, SnapshotCopy copy) {
    this.owner = owner;
    this.snapshot = snapshot;
    this.bytes = copy.toByteArray();
  }

  HostId owner() {
    return owner;
  }

  SnapshotId snapshot() {
    return snapshot;
  }

  ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes);
  }

  int length() {
    return bytes.length;
  }

  int crc32c() {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  SealedHash hash() {
    return SealedHash.of(bytes, 0, bytes.length);
  }
}
