package io.holdfast.coordinator.vault;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes down what is asked of a vault, so that a test can assert what an operation costs. */
public final class RecordingVault extends ForwardingVault {
  /** What can be asked; FINISH and READ_RANGE come from the writers and readers it hands out. */
  public enum Call {
    CREATE,
    NEW_OBJECT,
    FINISH,
    FIND,
    OPEN,
    READ_RANGE,
    SIZE,
    LIST,
    DELETE
  }

  /**
   * One call.
   *
   * @param name of the object, or the prefix of a list
   * @param bytes content bytes written or read, 0 where there are none
   */
  public record Recorded(Call call, String name, long bytes) {}

  private final List<Recorded> calls = new ArrayList<>();

  public RecordingVault(Vault target) {
    super(target);
  }

  /** All calls so far, in order. */
  public synchronized List<Recorded> calls() {
    return List.copyOf(calls);
  }

  /** How often this was asked. */
  public synchronized int count(Call call) {
    return (int) calls.stream().filter(recorded -> recorded.call() == call).count();
  }

  /** Content bytes of all calls of this kind. */
  public synchronized long bytes(Call call) {
    return calls.stream().filter(r -> r.call() == call).mapToLong(Recorded::bytes).sum();
  }

  public synchronized void forget() {
    calls.clear();
  }

  private synchronized void record(Call call, String name, long bytes) {
    calls.add(new Recorded(call, name, bytes));
  }

  @Override
  public CreateOutcome create(ObjectName name, ByteBuffer... content) {
    record(Call.CREATE, name.value(), MemoryVault.joined(content).length);
    return super.create(name, content);
  }

  @Override
  public ObjectWriter newObject(ObjectName name) {
    record(Call.NEW_OBJECT, name.value(), 0);
    return new RecordingWriter(super.newObject(name));
  }

  @Override
  public Optional<byte[]> find(ObjectName name, int maxBytes) {
    Optional<byte[]> found = super.find(name, maxBytes);
    record(Call.FIND, name.value(), found.map(bytes -> bytes.length).orElse(0));
    return found;
  }

  @Override
  public ObjectReader open(ObjectName name) {
    record(Call.OPEN, name.value(), 0);
    return new RecordingReader(super.open(name));
  }

  @Override
  public OptionalLong size(ObjectName name) {
    record(Call.SIZE, name.value(), 0);
    return super.size(name);
  }

  @Override
  public void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
    record(Call.LIST, prefix.value(), 0);
    super.list(prefix, startAfter, visitor);
  }

  @Override
  public void delete(ObjectName name) {
    record(Call.DELETE, name.value(), 0);
    super.delete(name);
  }

  private final class RecordingWriter implements ObjectWriter {
    private final ObjectWriter writer;

    RecordingWriter(ObjectWriter writer) {
      this.writer = writer;
    }

    @Override
    public ObjectName name() {
      return writer.name();
    }

    @Override
    public long size() {
      return writer.size();
    }

    @Override
    public void append(ByteBuffer... buffers) {
      writer.append(buffers);
    }

    @Override
    public long finish() {
      record(Call.FINISH, name().value(), size());
      return writer.finish();
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  private final class RecordingReader implements ObjectReader {
    private final ObjectReader reader;

    RecordingReader(ObjectReader reader) {
      this.reader = reader;
    }

    @Override
    public ObjectName name() {
      return reader.name();
    }

    @Override
    public long size() {
      return reader.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      record(Call.READ_RANGE, name().value(), into.remaining());
      reader.read(offset, into);
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
