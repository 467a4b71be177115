package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.PromotionId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SiteId;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.proto.stored.v1.Audit;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A fleet for tests: coordinators whose certificate is "root:id" and whose signature is a hash over
 * it, so that a model may make and judge millions of records. Forgeable by whoever knows this
 * class.
 */
public final class TestFleet {
  public static final ByteString ROOT = ByteString.copyFromUtf8("root of the test fleet");
  public static final RepositoryId REPOSITORY = RepositoryId.of(id(0xA0));
  public static final SiteId SITE = SiteId.of(id(0xA1));
  public static final FleetId FLEET = FleetId.of(id(0xA2));
  public static final IncarnationId INCARNATION = IncarnationId.of(id(0xA3));
  public static final SiteEpoch EPOCH = new SiteEpoch(1, PromotionId.of(id(0xA4)));
  public static final JournalAnchor ANCHOR = JournalAnchor.pinned(REPOSITORY, ROOT);
  public static final RecordVerifier VERIFIER = new Verifier();
  public static final Genesis GENESIS =
      Genesis.newBuilder()
          .setFleet(ByteString.copyFrom(FLEET.toByteArray()))
          .setRootCertificate(ROOT)
          .setSite(ByteString.copyFrom(SITE.toByteArray()))
          .setMode(RepositoryMode.REPOSITORY_MODE_SHARED)
          .build();

  private TestFleet() {}

  /** 16 bytes that end in {@code number}. */
  public static byte[] id(int number) {
    byte[] id = new byte[16];
    id[14] = (byte) (number >> 8);
    id[15] = (byte) number;
    return id;
  }

  /** Coordinator {@code number} of the fleet. */
  public static RecordSigner signer(int number) {
    return new Signer(CoordinatorId.of(id(number)));
  }

  static RecordDrafter drafter(int coordinator, int token) {
    return new RecordDrafter(signer(coordinator), new Replay(VERIFIER), clock(), token(token));
  }

  static ByteString token(int number) {
    return ByteString.copyFrom(id(number));
  }

  static Verdict.Valid genesis() {
    return drafter(0, 0).startJournal(REPOSITORY, EPOCH, INCARNATION, GENESIS, List.of());
  }

  /** A mutation that can be told from others by its text. */
  public static Mutation mutation(String text) {
    byte[] host = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 16);
    Change change =
        Change.newBuilder().setAudit(Audit.newBuilder().setHost(ByteString.copyFrom(host))).build();
    return Mutation.newBuilder().setClear(change.toByteString()).build();
  }

  /** A clock that somebody has to move. */
  public static ManualTime clock() {
    return new ManualTime(Instant.ofEpochMilli(1000));
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] signature(byte[] key, byte[] message) {
    byte[] half = sha256(key, message);
    byte[] whole = Arrays.copyOf(half, Signature.BYTES);
    System.arraycopy(half, 0, whole, half.length, half.length);
    return whole;
  }

  private record Signer(CoordinatorId id) implements RecordSigner {
    @Override
    public List<byte[]> certificates() {
      return List.of(ROOT.concat(ByteString.copyFrom(id.toByteArray())).toByteArray());
    }

    @Override
    public byte[] sign(byte[] message) {
      return signature(certificates().getFirst(), message);
    }
  }

  private static final class Verifier implements RecordVerifier {
    @Override
    public Optional<SignerKey> signerKey(
        List<ByteString> certificates, List<ByteString> roots, CoordinatorId writer, Instant at) {
      ByteString expected = roots.getLast().concat(ByteString.copyFrom(writer.toByteArray()));
      return certificates.equals(List.of(expected))
          ? Optional.of(new SignerKey(expected))
          : Optional.empty();
    }

    @Override
    public boolean verify(SignerKey key, byte[] message, byte[] signature) {
      return Arrays.equals(signature(key.encoded().toByteArray(), message), signature);
    }
  }
}
