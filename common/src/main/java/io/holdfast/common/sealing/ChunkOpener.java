package io.holdfast.common.sealing;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RepositoryId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Opens sealed chunks of one repository. A plaintext is returned only if the tag holds for this
 * repository, this id and everything in clear, and K computed anew from the plaintext is the K that
 * was asked for: so neither who stores chunks nor who sealed them can pass off other content.
 *
 * <p>One owner thread. Keeps scratch for the largest compressed body; closing frees native memory.
 * Nothing outside this package can make one that does less.
 */
public class ChunkOpener implements AutoCloseable {
  private final ChunkGenerations generations;
  private final Map<Integer, ContentMac> macs = new HashMap<>();
  private final ChunkDerivation derivation = new ChunkDerivation();
  private final ChunkCipher cipher;
  private final Frames frames = new ZstdFrames(1);
  private final Scratch body = new Scratch();

  /**
   * An opener for all generations of one repository.
   *
   * @param generations at least one
   */
  public ChunkOpener(Collection<ChunkKeys> generations) {
    this(generations, new ChunkCipher(onlyRepository(generations)));
  }

  /** An opener for these generations, and those that come to be known while it is in use. */
  public ChunkOpener(ChunkGenerations generations) {
    this(generations, new ChunkCipher(onlyRepository(generations.all())));
  }

  /** As the one before, of {@code repository}; opens nothing as long as none is known. */
  public ChunkOpener(RepositoryId repository, ChunkGenerations generations) {
    this(generations, new ChunkCipher(repository));
  }

  ChunkOpener(Collection<ChunkKeys> generations, ChunkCipher cipher) {
    this(ChunkGenerations.of(List.copyOf(generations)), cipher);
  }

  private ChunkOpener(ChunkGenerations generations, ChunkCipher cipher) {
    this.generations = generations;
    this.cipher = cipher;
  }

  static RepositoryId onlyRepository(Collection<ChunkKeys> generations) {
    Set<RepositoryId> repositories =
        generations.stream().map(ChunkKeys::repository).collect(Collectors.toSet());
    if (repositories.size() != 1) {
      throw new IllegalArgumentException(
          "an opener serves one repository, not " + repositories.size());
    }
    return repositories.iterator().next();
  }

  /** The chunk's name in clear. */
  public final ChunkRef ref(ChunkKey key) {
    return derivation.ref(key);
  }

  /**
   * The plaintext, in an array of its size. A compressed chunk's is allocated only once the tag has
   * held; a raw one's is no larger than the bytes at hand.
   *
   * @throws HoldfastException as {@link #open(ChunkKey, byte[], int, int, byte[], int)}
   */
  public final byte[] open(ChunkKey expected, byte[] sealed, int offset, int length) {
    SealedHeader header = SealedHeader.parse(derivation.ref(expected), sealed, offset, length);
    decryptFrame(expected, header);
    byte[] out = new byte[header.plainLength()];
    finish(expected, header, out, 0);
    return out;
  }

  /**
   * Opens into a region of the caller's and answers the plaintext's length. After an error the
   * region's content means nothing.
   *
   * @param expected K, from a page's table or from who may grant it
   * @param out has room for the plaintext from {@code outOffset} on; {@link SealedHeader#parse}
   *     says how much that is
   * @throws HoldfastException CHUNK_CORRUPT (bytes aren't what was sealed), CHUNK_ID_MISMATCH
   *     (whoever sealed them gave them a name that isn't theirs), UNKNOWN_VERSION, LIMIT_EXCEEDED,
   *     or KEY_UNAVAILABLE (a generation this opener doesn't have); each names the chunk
   */
  public final int open(
      ChunkKey expected, byte[] sealed, int offset, int length, byte[] out, int outOffset) {
    SealedHeader header = SealedHeader.parse(derivation.ref(expected), sealed, offset, length);
    Objects.checkFromIndexSize(outOffset, header.plainLength(), out.length);
    decryptFrame(expected, header);
    finish(expected, header, out, outOffset);
    return header.plainLength();
  }

  /** Brings a compressed body into scratch; a raw one goes straight to its reader. */
  private void decryptFrame(ChunkKey expected, SealedHeader header) {
    if (header.codec() == Codec.ZSTD) {
      decrypt(expected, header, body.atLeast(header.bodyLength()), 0);
    }
  }

  private void finish(ChunkKey expected, SealedHeader header, byte[] out, int outOffset) {
    switch (header.codec()) {
      case RAW -> decrypt(expected, header, out, outOffset);
      case ZSTD -> decompress(header, out, outOffset);
    }
    requireContent(expected, header, out, outOffset);
  }

  private void decrypt(ChunkKey expected, SealedHeader header, byte[] out, int outOffset) {
    if (!cipher.decrypt(derivation.sealingKey(expected), header, out, outOffset)) {
      throw header.corrupt("doesn't open: its bytes or its name changed");
    }
  }

  private void decompress(SealedHeader header, byte[] out, int outOffset) {
    byte[] frame = body.atLeast(0);
    int length = header.bodyLength();
    if (!frames.decompress(frame, length, out, outOffset, header.plainLength())) {
      throw header.corrupt("isn't one zstd frame of " + header.plainLength() + " bytes");
    }
  }

  void requireContent(ChunkKey expected, SealedHeader header, byte[] out, int outOffset) {
    ContentMac mac = macs.get(header.generation());
    if (mac == null) {
      mac = generations.find(header.generation()).map(ContentMac::new).orElse(null);
      if (mac != null) {
        macs.put(header.generation(), mac);
      }
    }
    if (mac == null) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "sealed chunk %s is of key generation %s, whose keys aren't here; fetch them first"
              .formatted(header.named(), Integer.toUnsignedString(header.generation())));
    }
    if (!mac.key(header.kind(), out, outOffset, header.plainLength()).equals(expected)) {
      throw new HoldfastException(
          ErrorCode.CHUNK_ID_MISMATCH,
          "sealed chunk "
              + header.named()
              + " holds content of another id; distrust the host that uploaded it and read another"
              + " copy");
    }
  }

  @Override
  public final void close() {
    frames.close();
  }
}
