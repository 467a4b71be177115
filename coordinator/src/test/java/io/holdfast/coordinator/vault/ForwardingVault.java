package io.holdfast.coordinator.vault;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** Hands every call on; a decorator overrides the ones it is about. */
public class ForwardingVault implements Vault {
  private final Vault target;

  public ForwardingVault(Vault target) {
    this.target = target;
  }

  @Override
  public VaultIdentity identity() {
    return target.identity();
  }

  @Override
  public CreateOutcome create(ObjectName name, ByteBuffer... content) {
    return target.create(name, content);
  }

  @Override
  public ObjectWriter newObject(ObjectName name) {
    return target.newObject(name);
  }

  @Override
  public Optional<byte[]> find(ObjectName name, int maxBytes) {
    return target.find(name, maxBytes);
  }

  @Override
  public ObjectReader open(ObjectName name) {
    return target.open(name);
  }

  @Override
  public OptionalLong size(ObjectName name) {
    return target.size(name);
  }

  @Override
  public void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
    target.list(prefix, startAfter, visitor);
  }

  @Override
  public void delete(ObjectName name) {
    target.delete(name);
  }

  @Override
  public long usableBytes() {
    return target.usableBytes();
  }

  @Override
  public void close() {
    target.close();
  }
}
