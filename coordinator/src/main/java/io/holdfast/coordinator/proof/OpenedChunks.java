package io.holdfast.coordinator.proof;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.page.PageSource;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.serve.ChunkReads;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plaintexts of what counts for one host, read from the vault and opened. Keeps the pages read
 * last, at most {@link #KEPT_BYTES}. One thread; closed by its creator.
 */
public final class OpenedChunks implements PageSource, AutoCloseable {
  static final int KEPT_BYTES = 8 << 20;

  private final ChunkReads reads;
  private final HostId host;
  private final ChunkOpener opener;
  private final Map<Reference, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptBytes;

  OpenedChunks(
      RepositoryId repository, ChunkReads reads, HostId host, ChunkGenerations generations) {
    this.reads = reads;
    this.host = host;
    this.opener = new ChunkOpener(repository, generations);
  }

  /** The name in clear of what {@code reference} opens. */
  public ChunkRef ref(Reference reference) {
    return opener.ref(key(reference));
  }

  /**
   * The plaintext of a page. CHUNK_NOT_FOUND, or what reading and opening it answer; CANCELLED if
   * this thread was interrupted, which it then still is.
   */
  @Override
  public byte[] read(Reference page) {
    byte[] known = kept.get(page);
    if (known != null) {
      return known;
    }
    ByteBuffer sealed = sealed(ref(page));
    int offset = sealed.arrayOffset() + sealed.position();
    byte[] plaintext = opener.open(key(page), sealed.array(), offset, sealed.remaining());
    keep(page, plaintext);
    return plaintext;
  }

  private ByteBuffer sealed(ChunkRef chunk) {
    OneChunk receiver = new OneChunk();
    try {
      reads.read(host, List.of(chunk), receiver);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(
          ErrorCode.CANCELLED, "reading chunk " + chunk + " was cancelled", e);
    }
    if (receiver.failure.isPresent()) {
      throw receiver.failure.get();
    }
    return receiver.sealed;
  }

  private void keep(Reference page, byte[] plaintext) {
    kept.put(page, plaintext);
    keptBytes += plaintext.length;
    while (keptBytes > KEPT_BYTES && kept.size() > 1) {
      Reference oldest = kept.keySet().iterator().next();
      keptBytes -= kept.remove(oldest).length;
    }
  }

  static ChunkKey key(Reference reference) {
    return new ChunkKey(reference.kind(), reference.key());
  }

  @Override
  public void close() {
    kept.clear();
    opener.close();
  }

  /** Receives the one chunk that was asked for. */
  private static final class OneChunk implements ChunkReads.Receiver {
    private ByteBuffer sealed;
    private Optional<HoldfastException> failure = Optional.empty();

    @Override
    public void chunk(ChunkRef chunk, ByteBuffer bytes, Location at, List<ChunkRef> references) {
      sealed = bytes;
    }

    @Override
    public void failed(ChunkRef chunk, HoldfastException cause) {
      failure = Optional.of(cause);
    }
  }
}
