package io.holdfast.coordinator.ledger;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.rebuild.CheckpointObjects;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.ObjectWriter;
import io.holdfast.coordinator.vault.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checkpoints as objects of the vault. Any thread. */
public final class VaultCheckpoints implements CheckpointObjects {
  private static final int BUFFER_BYTES = 256 << 10;

  private final Vault vault;

  public VaultCheckpoints(Vault vault) {
    this.vault = vault;
  }

  @Override
  public boolean createIfAbsent(String name, Path file) {
    ObjectName object = ObjectName.of(name);
    if (vault.size(object).isPresent()) {
      return false;
    }
    try (ObjectWriter writer = vault.newObject(object);
        FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (in.read(buffer) >= 0) {
        writer.append(buffer.flip());
        buffer.clear();
      }
      writer.finish();
      return true;
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "checkpoint file " + file + " can't be read: " + e.getMessage(), e);
    } catch (HoldfastException e) {
      if (e.code() == ErrorCode.OBJECT_EXISTS) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Optional<InputStream> read(String name) {
    try {
      return Optional.of(new ObjectInput(vault.open(ObjectName.of(name))));
    } catch (HoldfastException e) {
      if (e.code() == ErrorCode.OBJECT_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public List<String> list(String prefix) {
    List<String> names = new ArrayList<>();
    vault.list(
        ObjectPrefix.of(prefix),
        name -> {
          names.add(name.value());
          return true;
        });
    return names;
  }

  /** An object from its first byte to its last. */
  private static final class ObjectInput extends InputStream {
    private final ObjectReader reader;
    private long position;

    ObjectInput(ObjectReader reader) {
      this.reader = reader;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = (int) Math.min(length, reader.size() - position);
      if (count <= 0) {
        return length == 0 ? 0 : -1;
      }
      reader.read(position, ByteBuffer.wrap(into, offset, count));
      position += count;
      return count;
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
