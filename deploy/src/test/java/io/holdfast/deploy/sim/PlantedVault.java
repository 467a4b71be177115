package io.holdfast.deploy.sim;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.vault.ForwardingVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.ObjectWriter;
import io.holdfast.coordinator.vault.Vault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Says that an object is finished when it has its bytes, and writes them a while later. */
final class PlantedVault extends ForwardingVault {
  private static final long LATE_NANOS = 300_000_000L;

  private final Schedule schedule;
  private final SimProcess process;
  private final Map<ObjectName, byte[]> underWay = new HashMap<>();

  PlantedVault(Vault target, Schedule schedule, SimProcess process) {
    super(target);
    this.schedule = schedule;
    this.process = process;
  }

  /** Runs {@code write} after a while, if the process lives so long. */
  static void later(Schedule schedule, SimProcess process, Runnable write) {
    schedule
        .executor(process, "late")
        .execute(() -> {
          try {
            schedule.sleep(LATE_NANOS);
            write.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (HoldfastException e) {
            schedule.note(e.code().number());
          }
        });
  }

  @Override
  public ObjectWriter newObject(ObjectName name) {
    ObjectWriter target = super.newObject(name);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new ObjectWriter() {
      @Override
      public ObjectName name() {
        return name;
      }

      @Override
      public long size() {
        return bytes.size();
      }

      @Override
      public void append(ByteBuffer... buffers) {
        for (ByteBuffer buffer : buffers) {
          byte[] copy = new byte[buffer.remaining()];
          buffer.get(copy);
          bytes.writeBytes(copy);
        }
      }

      @Override
      public long finish() {
        underWay.put(name, bytes.toByteArray());
        later(
            schedule,
            process,
            () -> {
              target.append(ByteBuffer.wrap(bytes.toByteArray()));
              target.finish();
              underWay.remove(name);
            });
        return bytes.size();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public ObjectReader open(ObjectName name) {
    byte[] bytes = underWay.get(name);
    return bytes == null ? super.open(name) : new DurableVault.Reader(name, bytes);
  }
}
