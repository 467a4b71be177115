package io.holdfast.deploy.sim;

import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.ForwardingVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.ObjectVisitor;
import io.holdfast.coordinator.vault.ObjectWriter;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The vault as one coordinator reaches it: others go on before and after every call that may take
 * long. Opening an object is no such point: it happens under a monitor of the reader's.
 */
final class SimVault extends ForwardingVault {
  private final Schedule schedule;

  SimVault(Vault target, Schedule schedule) {
    super(target);
    this.schedule = schedule;
  }

  @Override
  public CreateOutcome create(ObjectName name, ByteBuffer... content) {
    schedule.letOthersGo();
    CreateOutcome outcome = super.create(name, content);
    schedule.letOthersGo();
    return outcome;
  }

  @Override
  public ObjectWriter newObject(ObjectName name) {
    return new Writer(super.newObject(name));
  }

  @Override
  public Optional<byte[]> find(ObjectName name, int maxBytes) {
    schedule.letOthersGo();
    return super.find(name, maxBytes);
  }

  @Override
  public ObjectReader open(ObjectName name) {
    return new Reader(super.open(name));
  }

  @Override
  public void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
    schedule.letOthersGo();
    super.list(prefix, startAfter, visitor);
  }

  private final class Writer implements ObjectWriter {
    private final ObjectWriter target;

    Writer(ObjectWriter target) {
      this.target = target;
    }

    @Override
    public ObjectName name() {
      return target.name();
    }

    @Override
    public long size() {
      return target.size();
    }

    @Override
    public void append(ByteBuffer... buffers) {
      target.append(buffers);
    }

    @Override
    public long finish() {
      schedule.letOthersGo();
      long size = target.finish();
      schedule.letOthersGo();
      return size;
    }

    @Override
    public void close() {
      target.close();
    }
  }

  private final class Reader implements ObjectReader {
    private final ObjectReader target;

    Reader(ObjectReader target) {
      this.target = target;
    }

    @Override
    public ObjectName name() {
      return target.name();
    }

    @Override
    public long size() {
      return target.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      schedule.letOthersGo();
      target.read(offset, into);
    }

    @Override
    public void close() {
      target.close();
    }
  }
}
