package io.holdfast.agent.walk;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * External merge sort of the names of one directory: sorted runs in files, merged at most {@link
 * #FAN_IN} at a time until one is left. Memory: one run while it is collected, {@link #FAN_IN}
 * buffers while merging. One thread.
 */
final class NameSpill implements AutoCloseable {
  static final int FAN_IN = 64;

  private static final int BUFFER_BYTES = 16 * 1024;

  private final Path scratch;
  private final ArrayDeque<Path> runs = new ArrayDeque<>();

  NameSpill(Path scratch) {
    this.scratch = scratch;
  }

  /** Writes one run; {@code names} is sorted and may be reused afterwards. */
  void addRun(NameTable names) throws IOException {
    Path file = newFile();
    try (OutputStream out = output(file)) {
      for (int i = 0; i < names.count(); i++) {
        int start = names.start(i);
        out.write(names.end(i) - start);
        out.write(names.bytes(), start, names.end(i) - start);
      }
    }
  }

  /** Merges the runs into one file cut into pieces, which the caller then owns. */
  SpilledNames finish(int pieceEntries) throws IOException {
    while (runs.size() > FAN_IN) {
      merge(firstRuns(FAN_IN), Integer.MAX_VALUE);
    }
    SpilledNames merged = merge(firstRuns(runs.size()), pieceEntries);
    runs.clear();
    return merged;
  }

  private List<Path> firstRuns(int number) {
    List<Path> first = new ArrayList<>();
    while (first.size() < number) {
      first.add(runs.poll());
    }
    return first;
  }

  private SpilledNames merge(List<Path> inputs, int pieceEntries) throws IOException {
    Path file = newFile();
    List<RunReader> readers = new ArrayList<>();
    try (OutputStream out = output(file)) {
      for (Path input : inputs) {
        readers.add(new RunReader(input));
      }
      return copyInOrder(readers, file, out, pieceEntries);
    } finally {
      for (RunReader reader : readers) {
        reader.close();
      }
      deleteAll(inputs);
    }
  }

  private static SpilledNames copyInOrder(
      List<RunReader> readers, Path file, OutputStream out, int pieceEntries) throws IOException {
    PriorityQueue<RunReader> heads = new PriorityQueue<>();
    for (RunReader reader : readers) {
      if (reader.advance()) {
        heads.add(reader);
      }
    }
    Offsets pieces = new Offsets();
    long offset = 0;
    for (long written = 0; !heads.isEmpty(); written++) {
      RunReader least = heads.poll();
      if (written % pieceEntries == 0) {
        pieces.add(offset);
      }
      offset += least.writeTo(out);
      if (least.advance()) {
        heads.add(least);
      }
    }
    return new SpilledNames(file, pieces.toArray(), offset);
  }

  private Path newFile() throws IOException {
    Path file = Files.createTempFile(scratch, "names-", ".run");
    runs.add(file);
    return file;
  }

  private static OutputStream output(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
  }

  private static void deleteAll(Iterable<Path> files) throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  /** Removes what hasn't become a finished file. */
  @Override
  public void close() throws IOException {
    deleteAll(runs);
    runs.clear();
  }

  /** A run being read, ordered by its current name. */
  private static final class RunReader implements Comparable<RunReader>, AutoCloseable {
    private final InputStream in;
    private final byte[] name = new byte[255];
    private int length;

    RunReader(Path file) throws IOException {
      in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    }

    boolean advance() throws IOException {
      length = in.read();
      if (length < 0) {
        return false;
      }
      if (in.readNBytes(name, 0, length) != length) {
        throw new EOFException("a sorted run of names is shorter than it was written");
      }
      return true;
    }

    int writeTo(OutputStream out) throws IOException {
      out.write(length);
      out.write(name, 0, length);
      return 1 + length;
    }

    @Override
    public int compareTo(RunReader other) {
      return Arrays.compareUnsigned(name, 0, length, other.name, 0, other.length);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** A growing array of longs. */
  private static final class Offsets {
    private long[] values = new long[64];
    private int count;

    void add(long value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    long[] toArray() {
      return Arrays.copyOf(values, count);
    }
  }
}
