package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Pages in memory, sink and source in one, counting what is stored and read. K is a plain SHA-256
 * here, which is as good as an HMAC for telling pages apart.
 */
public final class MemoryPages implements PageSink, PageSource {
  /** A name hash over a fixed seeded gear table. */
  public static final NameHash NAMES = gearHash(1);

  private final Map<Reference, byte[]> pages = new HashMap<>();
  private final List<PageSummary> summaries = new ArrayList<>();
  private int reads;

  static NameHash gearHash(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] gear = random.longs(256).toArray();
    return (path, offset, length, segmentOffset) -> {
      long hash = 0;
      for (int at = offset; at < offset + length; at++) {
        hash = (hash << 1) + gear[path[at] & 0xff];
      }
      return (hash + segmentOffset) * 0x9E3779B97F4A7C15L;
    };
  }

  /** Writes {@code entries} as one snapshot of source {@code /}. */
  public PageTree write(List<? extends Entry> entries) {
    PageTreeWriter writer = new PageTreeWriter(this, NAMES);
    entries.forEach(writer::add);
    return writer.finish(List.of(Octets.utf8("/")));
  }

  public PageTreeReader open(PageTree tree) {
    return PageTreeReader.open(this, tree.root());
  }

  @Override
  public Reference store(byte[] plaintext, List<Reference> references, PageSummary summary) {
    summaries.add(summary);
    return put(plaintext);
  }

  /** Stores any bytes as a page. */
  public Reference put(byte[] plaintext) {
    Reference reference = new Reference(ChunkKind.PAGE, Bytes32.of(sha256(plaintext)));
    pages.put(reference, plaintext);
    return reference;
  }

  /** Lets {@code reference} stand for other bytes than those it names. */
  public void replace(Reference reference, byte[] plaintext) {
    pages.put(reference, plaintext);
  }

  @Override
  public byte[] read(Reference page) {
    reads++;
    byte[] plaintext = pages.get(page);
    if (plaintext == null) {
      throw new HoldfastException(ErrorCode.CHUNK_NOT_FOUND, "no such page in memory");
    }
    return plaintext;
  }

  /** All that is stored, each page once. */
  public Map<Reference, byte[]> all() {
    return Map.copyOf(pages);
  }

  /** What the writer said of each page it stored, in order. */
  public List<PageSummary> summaries() {
    return summaries;
  }

  public int reads() {
    return reads;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
