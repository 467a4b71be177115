package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PackContent;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.stored.v1.SiteEpoch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The records and footers of one host's packs, made from numbers while they are applied. */
final class GeneratedJournal implements FooterSource {
  static final HostId HOST = HostId.of(sixteen(2));

  private static final int PACKS = 4_000;
  private static final int CHUNKS_PER_PACK = 250;
  static final int CHUNKS = PACKS * CHUNKS_PER_PACK;

  private static final int SEALED_BYTES = 200_000;
  private static final int HEADER_BYTES = 48;
  private static final int FOOTER_BYTES = 100;
  private static final int TRAILER_BYTES = 12;

  private long seq;
  private Bytes32 previousHash = Bytes32.ZERO;

  /** The id of chunk {@code number}; packs hold them in this order. */
  static Bytes32 id(int number) {
    SplittableRandom random = new SplittableRandom(number * 0x9E3779B97F4A7C15L);
    return new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  void applyTo(Catalog catalog) {
    catalog.apply(
        record(
            Change.newBuilder()
                .setGenesis(
                    Genesis.newBuilder()
                        .setFleet(bytes(sixteen(3)))
                        .setSite(bytes(sixteen(4)))
                        .setRootCertificate(ByteString.copyFromUtf8("none"))
                        .setMode(RepositoryMode.REPOSITORY_MODE_SHARED))
                .build()));
    for (int pack = 0; pack < PACKS; pack++) {
      catalog.apply(record(registration(pack)));
    }
  }

  private AppliedRecord record(Change change) {
    seq++;
    RecordBody body =
        RecordBody.newBuilder()
            .setRepository(bytes(sixteen(1)))
            .setSeq(seq)
            .setTerm(1)
            .setWriter(bytes(sixteen(4)))
            .setIncarnation(bytes(sixteen(5)))
            .setSiteEpoch(SiteEpoch.newBuilder().setNumber(1).setId(bytes(sixteen(6))))
            .setPreviousSeq(seq - 1)
            .setPreviousHash(bytes(previousHash.toByteArray()))
            .setTimeMillis(seq)
            .addMutations(Mutation.newBuilder().setClear(change.toByteString()))
            .build();
    previousHash = new Bytes32(seq, 0, 0, 0);
    return new AppliedRecord(new RecordHash(previousHash), body, ByteString.EMPTY);
  }

  private static Change registration(int pack) {
    return Change.newBuilder()
        .setPackRegistered(
            PackRegistered.newBuilder()
                .setPack(bytes(sixteen(1_000 + pack)))
                .setContent(PackContent.PACK_CONTENT_DATA)
                .setSize(
                    HEADER_BYTES + CHUNKS_PER_PACK * SEALED_BYTES + FOOTER_BYTES + TRAILER_BYTES)
                .setFooterSha256(bytes(Bytes32.ZERO.toByteArray()))
                .setFooterLength(FOOTER_BYTES)
                .setEntries(CHUNKS_PER_PACK)
                .addOwners(bytes(HOST.toByteArray())))
        .build();
  }

  @Override
  public Optional<FooterView> footer(RegisteredPack pack) {
    return Optional.of(new Footer(pack.number() * CHUNKS_PER_PACK));
  }

  private static byte[] sixteen(int number) {
    return ByteBuffer.allocate(16).putInt(number).array();
  }

  private static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }

  private record Footer(int firstChunk) implements FooterView {
    @Override
    public List<HostId> owners() {
      return List.of(HOST);
    }

    @Override
    public int entries() {
      return CHUNKS_PER_PACK;
    }

    @Override
    public int kind(int entry) {
      return 1;
    }

    @Override
    public Bytes32 id(int entry) {
      return GeneratedJournal.id(firstChunk + entry);
    }

    @Override
    public int owner(int entry) {
      return 0;
    }

    @Override
    public long offset(int entry) {
      return HEADER_BYTES + (long) entry * SEALED_BYTES;
    }

    @Override
    public long sealedLength(int entry) {
      return SEALED_BYTES;
    }

    @Override
    public long plainLength(int entry) {
      return 2 * SEALED_BYTES;
    }

    @Override
    public int crc32c(int entry) {
      return entry;
    }
  }
}
