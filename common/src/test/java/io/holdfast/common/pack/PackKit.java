package io.holdfast.common.pack;

import io.holdfast.common.golden.Content;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.sealing.SealedHeader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** Whole packs in memory, and the names that tests of this package share. */
final class PackKit {
  static final RepositoryId REPOSITORY = new RepositoryId(new UUID(1, 2));
  static final PackId PACK = new PackId(new UUID(0xdeadbeefL << 32, 7));
  static final ChunkKeys KEYS = ChunkKeys.derive(REPOSITORY, 1, Bytes32.ZERO, Bytes32.ZERO);
  static final PackHeader DATA = new PackHeader(PackContent.DATA, REPOSITORY, PACK);
  static final PackHeader PAGES = new PackHeader(PackContent.PAGES, REPOSITORY, PACK);

  private PackKit() {}

  static HostId host(int number) {
    return new HostId(new UUID(99, number));
  }

  /** Sealed pages of up to seven references, or data chunks. */
  static List<SealedChunk> chunks(PackContent content, int count, Random random) {
    List<SealedChunk> chunks = new ArrayList<>();
    try (ChunkSealer sealer = new ChunkSealer(KEYS, SealOptions.STANDARD, random::nextBytes)) {
      for (int i = 0; i < count; i++) {
        byte[] plain = Content.low(i + 1, random.nextInt(2000));
        ChunkKind kind = content == PackContent.PAGES ? ChunkKind.PAGE : ChunkKind.of(i % 3 + 1);
        ChunkKey key = sealer.key(kind, plain, 0, plain.length);
        int references = content == PackContent.PAGES ? random.nextInt(8) : 0;
        chunks.add(sealer.seal(key, plain, 0, plain.length, references(references)));
      }
    }
    return chunks;
  }

  static List<ChunkRef> references(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ChunkRef(ChunkKind.of(i % 4 + 1), ChunkId.of(Content.random(i + 1, 32))))
        .toList();
  }

  static SealedHeader header(SealedChunk chunk) {
    return SealedHeader.parse(chunk.ref(), chunk.bytes(), 0, chunk.sealedLength());
  }

  static int add(PackFooter.Builder builder, HostId owner, SealedChunk chunk) {
    return builder.addChunk(owner, header(chunk), chunk.crc32c(), chunk.hash());
  }

  /** A finished pack, each chunk uploaded by one of three hosts in turn. */
  static byte[] pack(PackHeader identity, List<SealedChunk> chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(identity.encode());
    PackFooter.Builder builder = new PackFooter.Builder(identity);
    for (int i = 0; i < chunks.size(); i++) {
      add(builder, host(i % 3), chunks.get(i));
      out.writeBytes(chunks.get(i).bytes());
    }
    PackFooter footer = builder.build();
    byte[] encoded = new byte[footer.length()];
    footer.encoded().get(encoded);
    out.writeBytes(encoded);
    out.writeBytes(footer.trailer().encode());
    return out.toByteArray();
  }

  static SealedHash hash(int number) {
    return new SealedHash(number, number);
  }
}
