package io.holdfast.coordinator.sweep;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.Time;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.pack.Footers;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mark that was interrupted, on the coordinator's own disk, as of one moment:
 *
 * <pre>
 *  0  4  "HFMK"
 *  4  2  version, 2
 *  6  2  zero
 *  8 16  repository
 * 24 16  incarnation of the journal
 * 40  8  seq of the catalog as it was kept, then 32 of that record's hash
 * 80  8  when, milliseconds since 1970
 * 88  8  fence
 * 96  8  seq of the newest root taken up
 * 104 8  references followed
 * 112 4  packs known
 * 116 8  bits that they have
 * 124 1  whether more pages are lost than are named below
 *        numbers of packs, count (4) and 4 each, whose lists weren't held against the marks
 *        pages, count (4) and 32 each: to be walked; lost; nowhere
 *        twice, marks and lists read: count (4) of blocks, then number (4) and 65,536 bytes each
 *        SHA-256 (32) of all before
 * </pre>
 *
 * <p>It is a gain of time and nothing else. Whatever doesn't fit (another repository, another
 * history, a catalog that is behind, packs that differ, a sum, its age) makes the mark begin anew.
 * One thread.
 */
public final class MarkFile {
  /** How long after it was kept a mark is gone on with. */
  static final Duration AGE_MAX = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(MarkFile.class);
  private static final int MAGIC = 0x4b4d4648;
  private static final int VERSION = 2;
  private static final int COUNT_MAX = 1 << 24;

  private final FileSystem files;
  private final Path file;
  private final Time time;

  /**
   * @param file its name; another one beside it is used while it is written
   */
  public MarkFile(FileSystem files, Path file, Time time) {
    this.files = files;
    this.file = file;
    this.time = time;
  }

  /** Keeps {@code mark}, which is between two steps. A failure is only logged. */
  void keep(Mark mark, RepositoryId repository, CatalogView view) {
    Optional<CatalogHead> head = view.head();
    if (head.isEmpty()) {
      return;
    }
    Mark.Kept kept = mark.keep(view);
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try {
      deleteIfThere(next);
      try (Out out = new Out(files.createFile(next))) {
        out.head(repository, head.get(), time.now());
        out.kept(kept);
        for (EntryBits bits : mark.bits()) {
          out.bits(bits);
        }
        out.finish();
      }
      files.replace(next, file);
      files.syncDirectory(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      LOG.warn("a mark can't be kept, another would begin anew: {}", e.toString());
    }
  }

  /** The mark that was kept, if it may be gone on with. */
  Optional<Mark> find(RepositoryId repository, CatalogView view, Footers footers) {
    try {
      if (!files.exists(file)) {
        return Optional.empty();
      }
      try (In in = new In(files.openFile(file))) {
        in.requireWhole();
        Optional<Mark> mark = read(in, repository, view, footers);
        if (mark.isEmpty()) {
          LOG.info("the mark that was kept doesn't fit any more; another one begins");
        }
        return mark;
      }
    } catch (IOException e) {
      LOG.warn("the mark that was kept can't be read, another one begins: {}", e.toString());
      return Optional.empty();
    }
  }

  private Optional<Mark> read(In in, RepositoryId repository, CatalogView view, Footers footers)
      throws IOException {
    if (!in.fits(repository, view, time.now())) {
      return Optional.empty();
    }
    Optional<Mark> mark = Mark.resume(in.kept(), view, footers);
    if (mark.isPresent()) {
      for (EntryBits bits : mark.get().bits()) {
        in.bits(bits);
      }
    }
    return mark;
  }

  /** A mark came to its end, or begins anew; or the catalog isn't the one that it was made of. */
  public void forget() {
    try {
      deleteIfThere(file);
    } catch (IOException e) {
      LOG.warn("{} can't be deleted: {}", file, e.toString());
    }
  }

  private void deleteIfThere(Path path) throws IOException {
    if (files.exists(path)) {
      files.delete(path);
    }
  }

  /** What is written, and its sum. */
  private static final class Out implements Closeable {
    private final WritableFile out;
    private final MessageDigest sum = Digests.newSha256();

    Out(WritableFile out) {
      this.out = out;
    }

    void head(RepositoryId repository, CatalogHead head, Instant now) throws IOException {
      put(
          ByteBuffer.allocate(88)
              .putInt(MAGIC)
              .putShort((short) VERSION)
              .putShort((short) 0)
              .put(repository.toByteArray())
              .put(head.incarnation().toByteArray())
              .putLong(head.seq())
              .put(head.hash().toByteArray())
              .putLong(now.toEpochMilli()));
    }

    void kept(Mark.Kept kept) throws IOException {
      ByteBuffer fixed = ByteBuffer.allocate(41 + 4 * kept.late().size());
      fixed.putLong(kept.fence()).putLong(kept.rootsThrough()).putLong(kept.met());
      fixed.putInt(kept.packs()).putLong(kept.places());
      fixed.put((byte) (kept.blindBeyond() ? 1 : 0)).putInt(kept.late().size());
      kept.late().forEach(fixed::putInt);
      put(fixed);
      for (List<Bytes32> pages : List.of(kept.pending(), kept.blind(), kept.nowhere())) {
        put(ByteBuffer.allocate(4).putInt(pages.size()));
        for (Bytes32 page : pages) {
          put(ByteBuffer.allocate(Bytes32.LENGTH).put(page.toByteArray()));
        }
      }
    }

    void bits(EntryBits bits) throws IOException {
      put(ByteBuffer.allocate(4).putInt(bits.countBlocks()));
      bits.forEachBlock((number, words) -> {
        ByteBuffer block = ByteBuffer.allocate(4 + EntryBits.WORDS * Long.BYTES).putInt(number);
        block.asLongBuffer().put(words);
        put(block.position(block.capacity()));
      });
    }

    void finish() throws IOException {
      out.append(ByteBuffer.wrap(sum.digest()));
      out.sync();
    }

    private void put(ByteBuffer filled) throws IOException {
      filled.flip();
      sum.update(filled.duplicate());
      out.append(filled);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** What is read; nothing of it is believed before the sum of all of it was. */
  private static final class In implements Closeable {
    private static final int PIECE = 1 << 16;

    private final ReadableFile in;
    private long at;

    In(ReadableFile in) {
      this.in = in;
    }

    void requireWhole() throws IOException {
      MessageDigest sum = Digests.newSha256();
      long end = in.size() - sum.getDigestLength();
      while (at < end) {
        sum.update(take((int) Math.min(PIECE, end - at)));
      }
      if (end < 0 || !Arrays.equals(sum.digest(), take(sum.getDigestLength()).array())) {
        throw new IOException("its sum is another");
      }
      at = 0;
    }

    boolean fits(RepositoryId repository, CatalogView view, Instant now) throws IOException {
      ByteBuffer head = take(88);
      if (head.getInt() != MAGIC || head.getShort() != VERSION || head.getShort() != 0) {
        return false;
      }
      byte[] ofRepository = bytes(head, 16);
      byte[] incarnation = bytes(head, 16);
      long seq = head.getLong();
      byte[] hash = bytes(head, Bytes32.LENGTH);
      Instant kept = Instant.ofEpochMilli(head.getLong());
      CatalogHead current = view.head().orElse(null);
      return current != null
          && Arrays.equals(ofRepository, repository.toByteArray())
          && Arrays.equals(incarnation, current.incarnation().toByteArray())
          && seq <= current.seq()
          && (seq < current.seq() || Arrays.equals(hash, current.hash().toByteArray()))
          && !now.isBefore(kept)
          && now.isBefore(kept.plus(AGE_MAX));
    }

    Mark.Kept kept() throws IOException {
      ByteBuffer fixed = take(41);
      long fence = fixed.getLong();
      long rootsThrough = fixed.getLong();
      long met = fixed.getLong();
      int packs = fixed.getInt();
      long places = fixed.getLong();
      boolean blindBeyond = fixed.get() != 0;
      List<Integer> late = new ArrayList<>();
      for (int left = bounded(fixed.getInt()); left > 0; left--) {
        late.add(take(4).getInt());
      }
      return new Mark.Kept(
          fence, rootsThrough, met, packs, places, blindBeyond, late, pages(), pages(), pages());
    }

    private List<Bytes32> pages() throws IOException {
      List<Bytes32> pages = new ArrayList<>();
      for (int left = bounded(take(4).getInt()); left > 0; left--) {
        pages.add(Bytes32.get(take(Bytes32.LENGTH)));
      }
      return pages;
    }

    void bits(EntryBits bits) throws IOException {
      for (int left = bounded(take(4).getInt()); left > 0; left--) {
        int number = take(4).getInt();
        long[] words = new long[EntryBits.WORDS];
        take(EntryBits.WORDS * Long.BYTES).asLongBuffer().get(words);
        if (!bits.putBlock(number, words)) {
          throw new IOException("it has bits of packs that it doesn't know");
        }
      }
    }

    private static int bounded(int count) throws IOException {
      if (count < 0 || count > COUNT_MAX) {
        throw new IOException("it counts " + count);
      }
      return count;
    }

    private static byte[] bytes(ByteBuffer from, int count) {
      byte[] bytes = new byte[count];
      from.get(bytes);
      return bytes;
    }

    private ByteBuffer take(int count) throws IOException {
      ByteBuffer piece = ByteBuffer.allocate(count);
      while (piece.hasRemaining()) {
        int read = in.read(at + piece.position(), piece);
        if (read < 0) {
          throw new EOFException("it ends at byte " + (at + piece.position()));
        }
      }
      at += count;
      return piece.flip();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
