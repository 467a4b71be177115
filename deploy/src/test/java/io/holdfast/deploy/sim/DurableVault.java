package io.holdfast.deploy.sim;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.ObjectVisitor;
import io.holdfast.coordinator.vault.ObjectWriter;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.coordinator.vault.VaultIdentity;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** A vault as it would be after a power cut now. Only for reading objects by name. */
final class DurableVault implements Vault {
  private final LossyDisk disk;

  DurableVault(LossyDisk disk) {
    this.disk = disk;
  }

  @Override
  public VaultIdentity identity() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CreateOutcome create(ObjectName name, ByteBuffer... content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ObjectWriter newObject(ObjectName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<byte[]> find(ObjectName name, int maxBytes) {
    return disk.durable(Site.VAULT.resolve(name.value()));
  }

  @Override
  public ObjectReader open(ObjectName name) {
    byte[] bytes =
        find(name, Integer.MAX_VALUE)
            .orElseThrow(
                () -> new HoldfastException(ErrorCode.OBJECT_NOT_FOUND, name + " is not durable"));
    return new Reader(name, bytes);
  }

  @Override
  public OptionalLong size(ObjectName name) {
    return find(name, Integer.MAX_VALUE)
        .map(bytes -> OptionalLong.of(bytes.length))
        .orElse(OptionalLong.empty());
  }

  @Override
  public void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(ObjectName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long usableBytes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reader(ObjectName name, byte[] bytes) implements ObjectReader {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      if (offset + into.remaining() > bytes.length) {
        throw new HoldfastException(ErrorCode.MALFORMED, name + " ends early");
      }
      into.put(bytes, (int) offset, into.remaining());
    }

    @Override
    public void close() {}
  }
}
