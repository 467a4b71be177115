package io.holdfast.coordinator.testkit;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.vault.ForwardingVault;
import io.holdfast.coordinator.vault.MemoryVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** A vault in memory whose objects a test may damage, and which may stop answering for a while. */
public final class DamageableVault extends ForwardingVault {
  private static final int OBJECT_LIMIT = 1 << 28;

  private final Vault target;
  private final Map<ObjectName, byte[]> hidden = new HashMap<>();
  private int failingReads;
  private int wrongReads;

  public DamageableVault() {
    this(new MemoryVault());
  }

  private DamageableVault(Vault target) {
    super(target);
    this.target = target;
  }

  /** Turns one bit of the stored object, for good. */
  public void flip(ObjectName name, long offset) {
    byte[] content = target.read(name, OBJECT_LIMIT);
    content[(int) offset] ^= 1;
    replace(name, content);
  }

  /** Cuts the object off before {@code length}. */
  public void truncate(ObjectName name, int length) {
    replace(name, java.util.Arrays.copyOf(target.read(name, OBJECT_LIMIT), length));
  }

  /** Takes the object away, for {@link #bringBack}. */
  public void takeAway(ObjectName name) {
    hidden.put(name, target.read(name, OBJECT_LIMIT));
    target.delete(name);
  }

  /** Puts an object where it was, byte for byte. */
  public void bringBack(ObjectName name) {
    target.create(name, ByteBuffer.wrap(hidden.remove(name)));
  }

  private void replace(ObjectName name, byte[] content) {
    target.delete(name);
    target.create(name, ByteBuffer.wrap(content));
  }

  /** The next {@code count} reads of open objects fail as unavailable. */
  public synchronized void failReads(int count) {
    failingReads = count;
  }

  /** The next {@code count} reads of open objects give one bit turned, that isn't stored so. */
  public synchronized void misread(int count) {
    wrongReads = count;
  }

  private synchronized void refuseIfFailing() {
    if (failingReads > 0) {
      failingReads--;
      throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "damageable: no answer");
    }
  }

  private synchronized boolean takeMisread() {
    if (wrongReads > 0) {
      wrongReads--;
      return true;
    }
    return false;
  }

  @Override
  public OptionalLong size(ObjectName name) {
    refuseIfFailing();
    return target.size(name);
  }

  /** Reads what is stored at the time of the read, as a disk does. */
  @Override
  public ObjectReader open(ObjectName name) {
    refuseIfFailing();
    long size = target.open(name).size();
    return new ObjectReader() {
      @Override
      public ObjectName name() {
        return name;
      }

      @Override
      public long size() {
        return size;
      }

      @Override
      public void read(long offset, ByteBuffer into) {
        refuseIfFailing();
        int start = into.position();
        target.open(name).read(offset, into);
        if (takeMisread()) {
          into.put(start, (byte) (into.get(start) ^ 1));
        }
      }

      @Override
      public void close() {}
    };
  }
}
