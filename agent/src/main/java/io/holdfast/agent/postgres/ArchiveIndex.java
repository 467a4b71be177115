package io.holdfast.agent.postgres;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Which segments the newest snapshot of a cluster's archive has, so that the next one takes them
 * over: a file of lines.
 *
 * <pre>
 * holdfast wal archive 1
 * 000000010000000000000007 1764426000 123456789      name, when the server wrote it last
 * ...
 * next 000000010000000000000008                      the first that isn't stored in full
 * end 1 5f2a01c7                                     how many, CRC-32C of all lines before
 * </pre>
 *
 * <p>Written after the commit that it tells of: one that is behind only has segments stored again,
 * which costs nothing. Lost, the next snapshot of the archive begins anew, and the ones before keep
 * what they have.
 */
final class ArchiveIndex {
  /** A snapshot holds at most this many: a TiB of segments of the usual size. */
  static final int SEGMENTS_MAX = 65_536;

  private static final String MAGIC = "holdfast wal archive 1";
  private static final String NEXT = "next ";
  private static final String END = "end ";

  /** A segment that is stored, full. */
  record Archived(WalSegment segment, long seconds, int nanos) {}

  /**
   * What is stored.
   *
   * @param segments ascending
   * @param next with what it goes on; empty if nothing was ever stored
   */
  record Chain(List<Archived> segments, Optional<WalSegment> next) {
    static final Chain NONE = new Chain(List.of(), Optional.empty());
  }

  private final Path file;
  private final int segmentBytes;

  ArchiveIndex(Path file, int segmentBytes) {
    this.file = file;
    this.segmentBytes = segmentBytes;
  }

  /** What was written last; none if there is no file. MALFORMED if it is damaged. */
  Chain read() {
    try {
      return parse(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Chain.NONE;
    } catch (IOException | RuntimeException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED,
          "the list of archived segments in " + file + " can't be read: " + e.getMessage(),
          e);
    }
  }

  private Chain parse(List<String> lines) {
    CRC32C sum = new CRC32C();
    lines.subList(0, lines.size() - 1).forEach(line -> sum.update(line(line)));
    int count = lines.size() - 3;
    String end = END + count + " " + Long.toHexString(sum.getValue());
    String next = lines.get(count + 1);
    if (!lines.getFirst().equals(MAGIC) || !next.startsWith(NEXT) || !lines.getLast().equals(end)) {
      throw new IllegalArgumentException("it isn't whole");
    }
    return new Chain(
        lines.subList(1, count + 1).stream().map(this::archived).toList(),
        WalSegment.find(next.substring(NEXT.length()), segmentBytes));
  }

  private Archived archived(String line) {
    String[] words = line.split(" ", -1);
    return new Archived(
        WalSegment.find(words[0], segmentBytes).orElseThrow(),
        Long.parseLong(words[1]),
        Integer.parseInt(words[2]));
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Replaces the list, durably when this returns. */
  void write(List<Archived> segments, WalSegment next) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        BufferedWriter writer = new BufferedWriter(Channels.newWriter(out, StandardCharsets.UTF_8));
        for (String line : lines(segments, next)) {
          writer.write(line + "\n");
        }
        writer.flush();
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the list of archived segments " + file + " can't be written: " + e, e);
    }
  }

  private List<String> lines(List<Archived> segments, WalSegment next) {
    List<String> lines = new ArrayList<>(segments.size() + 3);
    lines.add(MAGIC);
    for (Archived each : segments) {
      lines.add(each.segment().name(segmentBytes) + " " + each.seconds() + " " + each.nanos());
    }
    lines.add(NEXT + next.name(segmentBytes));
    CRC32C sum = new CRC32C();
    lines.forEach(line -> sum.update(line(line)));
    lines.add(END + segments.size() + " " + Long.toHexString(sum.getValue()));
    return lines;
  }
}
