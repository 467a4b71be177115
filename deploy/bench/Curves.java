import com.github.luben.zstd.ZstdCompressCtx;
import io.holdfast.common.chunking.ChunkSizes;
import io.holdfast.common.chunking.FastCdc;
import io.holdfast.common.chunking.GearTable;
import io.holdfast.common.id.Bytes32;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How what is stored depends on the size of chunks and on zstd's effort: cuts every file of a
 * folder, from 256 KiB on, to chunks of each average, keeps one of equal chunks, compresses each
 * alone, and prints a table. Holes are read as zeros, which compress to nothing. One thread.
 *
 * <p>Arguments: folder, averages in KiB, efforts as LEVEL or LEVEL/HASHLOG/CHAINLOG; both with
 * commas between.
 */
final class Curves {
  private static final int FILE_MINIMUM = 256 << 10;
  private static final int BUFFER = 32 << 20;
  private static final double MIB = 1 << 20;

  private final byte[] buffer = new byte[BUFFER];
  private final byte[] out = new byte[BUFFER];
  private final List<Effort> efforts;

  private Curves(List<Effort> efforts) {
    this.efforts = efforts;
  }

  public static void main(String[] arguments) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of(arguments[0]))) {
      files =
          all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
              .filter(path -> path.toFile().length() >= FILE_MINIMUM)
              .sorted()
              .toList();
    }
    List<Effort> efforts = new ArrayList<>();
    for (String effort : arguments[2].split(",")) {
      efforts.add(new Effort(effort));
    }
    System.out.print("| average KiB | chunks | kept | plain MiB |");
    efforts.forEach(effort -> System.out.print(" zstd " + effort.name + ": MiB | s |"));
    System.out.print("\n|--:|--:|--:|--:|" + "--:|--:|".repeat(efforts.size()) + "\n");
    for (String average : arguments[1].split(",")) {
      new Curves(efforts).measure(files, Integer.parseInt(average) << 10);
    }
  }

  private void measure(List<Path> files, int average) throws Exception {
    int longest = Math.min(4 * average, 16 << 20);
    FastCdc chunker =
        new FastCdc(GearTable.derive(Bytes32.ZERO), new ChunkSizes(average / 4, average, longest));
    efforts.forEach(Effort::begin);
    Set<ByteBuffer> seen = new HashSet<>();
    long chunks = 0;
    long plain = 0;
    for (Path path : files) {
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
        int filled = 0;
        boolean end = false;
        while (!end) {
          int read = fill(file, filled);
          filled += read;
          end = filled < BUFFER;
          int from = 0;
          int length = chunker.cut(buffer, from, filled - from, end);
          while (length != FastCdc.NEED_MORE) {
            chunks++;
            if (seen.add(hash(from, length))) {
              plain += length;
              for (Effort effort : efforts) {
                effort.compress(buffer, from, length, out);
              }
            }
            from += length;
            length = chunker.cut(buffer, from, filled - from, end);
          }
          System.arraycopy(buffer, from, buffer, 0, filled - from);
          filled -= from;
        }
      }
    }
    System.out.printf(
        "| %,d | %,d | %,d | %,.0f |", average >> 10, chunks, seen.size(), plain / MIB);
    efforts.forEach(Effort::print);
    System.out.println();
  }

  private int fill(RandomAccessFile file, int at) throws IOException {
    int done = 0;
    int count = file.read(buffer, at, BUFFER - at);
    while (count > 0) {
      done += count;
      count = at + done < BUFFER ? file.read(buffer, at + done, BUFFER - at - done) : 0;
    }
    return done;
  }

  private ByteBuffer hash(int from, int length) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(buffer, from, length);
    return ByteBuffer.wrap(Arrays.copyOf(sha256.digest(), 16));
  }

  /** One way to compress, and what it came to. */
  private static final class Effort {
    final String name;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private long stored;
    private long nanos;

    Effort(String name) {
      this.name = name;
      String[] parts = name.split("/");
      zstd.setLevel(Integer.parseInt(parts[0]));
      if (parts.length == 3) {
        zstd.setHashLog(Integer.parseInt(parts[1]));
        zstd.setChainLog(Integer.parseInt(parts[2]));
      }
    }

    void begin() {
      stored = 0;
      nanos = 0;
    }

    void compress(byte[] bytes, int from, int length, byte[] out) {
      long start = System.nanoTime();
      int framed = zstd.compressByteArray(out, 0, out.length, bytes, from, length);
      nanos += System.nanoTime() - start;
      stored += framed < length - length / 32 ? framed : length;
    }

    void print() {
      System.out.printf(" %,.1f | %.1f |", stored / MIB, nanos / 1e9);
    }
  }
}
