package io.holdfast.coordinator.vault;

import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.VaultId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/** A vault of nothing but memory that keeps every promise: the base of simulations. */
public final class MemoryVault implements Vault {
  private final NavigableMap<ObjectName, byte[]> objects = new ConcurrentSkipListMap<>();
  private final VaultIdentity identity;

  public MemoryVault() {
    this(new VaultIdentity(new VaultId(new UUID(0, 1)), new RepositoryId(new UUID(0, 2))));
  }

  public MemoryVault(VaultIdentity identity) {
    this.identity = identity;
  }

  @Override
  public VaultIdentity identity() {
    return identity;
  }

  @Override
  public CreateOutcome create(ObjectName name, ByteBuffer... content) {
    byte[] bytes = joined(content);
    return objects.putIfAbsent(name, bytes) == null
        ? new CreateOutcome.Created(bytes.length)
        : new CreateOutcome.Exists();
  }

  static byte[] joined(ByteBuffer... content) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (ByteBuffer part : content) {
      byte[] bytes = new byte[part.remaining()];
      part.duplicate().get(bytes);
      joined.writeBytes(bytes);
    }
    return joined.toByteArray();
  }

  @Override
  public ObjectWriter newObject(ObjectName name) {
    return new Writer(name);
  }

  private final class Writer implements ObjectWriter {
    private final ObjectName name;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean consumed;

    Writer(ObjectName name) {
      this.name = name;
    }

    @Override
    public ObjectName name() {
      return name;
    }

    @Override
    public long size() {
      return content.size();
    }

    @Override
    public void append(ByteBuffer... buffers) {
      checkOpen();
      content.writeBytes(joined(buffers));
      for (ByteBuffer buffer : buffers) {
        buffer.position(buffer.limit());
      }
    }

    @Override
    public long finish() {
      checkOpen();
      consumed = true;
      if (objects.putIfAbsent(name, content.toByteArray()) != null) {
        throw VaultErrors.exists(name);
      }
      return content.size();
    }

    private void checkOpen() {
      if (consumed) {
        throw new IllegalStateException("object " + name + " is finished or closed");
      }
    }

    @Override
    public void close() {
      consumed = true;
    }
  }

  @Override
  public Optional<byte[]> find(ObjectName name, int maxBytes) {
    byte[] content = objects.get(name);
    if (content == null) {
      return Optional.empty();
    }
    if (content.length > maxBytes) {
      throw VaultErrors.tooLarge(name, content.length, maxBytes);
    }
    return Optional.of(content.clone());
  }

  @Override
  public ObjectReader open(ObjectName name) {
    byte[] content = objects.get(name);
    if (content == null) {
      throw VaultErrors.notFound(this, name);
    }
    return new BytesReader(name, content);
  }

  @Override
  public OptionalLong size(ObjectName name) {
    byte[] content = objects.get(name);
    return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
  }

  @Override
  public void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
    for (ObjectName name : objects.keySet()) {
      boolean wanted =
          prefix.contains(name) && startAfter.map(start -> name.compareTo(start) > 0).orElse(true);
      if (wanted && !visitor.visit(name)) {
        return;
      }
    }
  }

  @Override
  public void delete(ObjectName name) {
    objects.remove(name);
  }

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public void close() {}
}
