package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Xattr;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The directories of a restore with the metadata they get at its end, in the order they were made,
 * to be read backwards: what is in a directory comes before the directory itself. In memory up to
 * {@link #MEMORY_BYTES}, on disk beyond. Appending is safe from any thread.
 *
 * <p>A record: path, mode, uid, gid, seconds, nanoseconds, attributes, each byte string with its
 * length before it; then the length of all that, so that the last record can be found from the end.
 * Read only by the process that wrote it.
 */
final class DirectoryLog implements AutoCloseable {
  static final int MEMORY_BYTES = 256 * 1024;

  private static final int FIXED_BYTES = 4 + 4 + 4 + 4 + 8 + 4 + 4 + 4;

  private final Path scratch;
  private ByteBuffer memory;
  private FileChannel file;
  private long fileBytes;

  DirectoryLog(Path scratch, int memoryBytes) {
    this.scratch = scratch;
    memory = ByteBuffer.allocate(memoryBytes);
  }

  /** What is done to each directory. */
  interface Visitor {
    void visit(byte[] path, EntryMetadata metadata);
  }

  synchronized void append(byte[] path, EntryMetadata metadata) throws IOException {
    int size = FIXED_BYTES + path.length;
    for (Xattr xattr : metadata.xattrs()) {
      size += 2 * Integer.BYTES + xattr.name().length + xattr.value().length;
    }
    if (size > memory.remaining()) {
      spill();
      memory = size > memory.capacity() ? ByteBuffer.allocate(size) : memory;
    }
    write(path, metadata);
    memory.putInt(size - Integer.BYTES);
  }

  private void write(byte[] path, EntryMetadata metadata) {
    putBytes(path);
    memory.putInt(metadata.mode()).putInt(metadata.uid()).putInt(metadata.gid());
    memory.putLong(metadata.modifySeconds()).putInt(metadata.modifyNanos());
    memory.putInt(metadata.xattrs().size());
    for (Xattr xattr : metadata.xattrs()) {
      putBytes(xattr.name());
      putBytes(xattr.value());
    }
  }

  private void putBytes(byte[] bytes) {
    memory.putInt(bytes.length).put(bytes);
  }

  private void spill() throws IOException {
    if (file == null) {
      file = openFile();
    }
    memory.flip();
    while (memory.hasRemaining()) {
      fileBytes += file.write(memory, fileBytes);
    }
    memory.clear();
  }

  private FileChannel openFile() throws IOException {
    Path path = Files.createTempFile(scratch, "directories-", ".log");
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Visits all records, the last one first, and leaves the log as it is. */
  synchronized void visitBackwards(Visitor visitor) throws IOException {
    visit(memory.duplicate().flip(), visitor);
    long end = fileBytes;
    while (end > 0) {
      int length = readAt(end - Integer.BYTES, Integer.BYTES).getInt();
      end -= Integer.BYTES + length;
      visitRecord(readAt(end, length), visitor);
    }
  }

  private static void visit(ByteBuffer records, Visitor visitor) {
    int end = records.limit();
    while (end > 0) {
      int length = records.getInt(end - Integer.BYTES);
      end -= Integer.BYTES + length;
      visitRecord(records.slice(end, length), visitor);
    }
  }

  private ByteBuffer readAt(long offset, int length) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(length);
    while (out.hasRemaining()) {
      if (file.read(out, offset + out.position()) < 0) {
        throw new EOFException("the log of directories is shorter than it was written");
      }
    }
    return out.flip();
  }

  private static void visitRecord(ByteBuffer record, Visitor visitor) {
    byte[] path = bytes(record);
    int mode = record.getInt();
    int uid = record.getInt();
    int gid = record.getInt();
    long seconds = record.getLong();
    int nanos = record.getInt();
    int count = record.getInt();
    List<Xattr> xattrs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      xattrs.add(new Xattr(bytes(record), bytes(record)));
    }
    visitor.visit(path, new EntryMetadata(mode, uid, gid, seconds, nanos, xattrs));
  }

  private static byte[] bytes(ByteBuffer record) {
    byte[] out = new byte[record.getInt()];
    record.get(out);
    return out;
  }

  @Override
  public synchronized void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
