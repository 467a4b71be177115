package io.holdfast.agent.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.stored.v1.Receipt;
import io.holdfast.proto.stored.v1.SignedReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts are kept if they are what was committed and signed by a coordinator of the fleet. */
class ReceiptsTest {
  @TempDir private Path directory;

  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));
  private final SeededRandomness randomness = new SeededRandomness(71);
  private final FleetAuthority authority =
      FleetAuthority.create(FleetId.of(randomness.bytes(16)), time, randomness);
  private final IssuingAuthority issuing = authority.issuingAuthority("alpha");
  private final HostId host = HostId.of(randomness.bytes(16));
  private final RepositoryId repository = RepositoryId.of(randomness.bytes(16));
  private final Bytes32 sources = Bytes32.of(randomness.bytes(32));
  private final SigningKey key = SigningKey.generate(randomness);
  private List<X509Certificate> chain;
  private Receipts receipts;

  @BeforeEach
  void open() {
    chain =
        issuing.journalWriter(
            request(key), CoordinatorId.of(randomness.bytes(16)), Duration.ofDays(30));
    receipts = reopened();
  }

  private CertificateRequest request(SigningKey of) {
    return CertificateRequest.verify(CertificateRequest.make(of, randomness));
  }

  private Receipts reopened() {
    return new Receipts(directory, FleetTrust.of(authority.certificate()), repository, host, time);
  }

  private CommittedRun run() {
    RunId run = RunId.of(randomness.bytes(16));
    ChunkId root = ChunkId.of(randomness.bytes(32));
    return new CommittedRun(
        run, SnapshotFormat.snapshotId(host, run, root), Optional.of(root), sources);
  }

  private Receipt.Builder receipt(CommittedRun run, long seq) {
    return Receipt.newBuilder()
        .setRepository(ByteString.copyFrom(repository.toByteArray()))
        .setHost(ByteString.copyFrom(host.toByteArray()))
        .setRun(ByteString.copyFrom(run.run().toByteArray()))
        .setSnapshot(ByteString.copyFrom(run.snapshot().toByteArray()))
        .setRoot(ByteString.copyFrom(run.root().orElseThrow().toByteArray()))
        .setIncarnation(ByteString.copyFrom(new byte[16]))
        .setSeq(seq)
        .setRecordHash(ByteString.copyFrom(new byte[32]));
  }

  private byte[] signed(Receipt receipt, SigningKey by, List<X509Certificate> certificates) {
    byte[] bytes = receipt.toByteArray();
    return SignedReceipt.newBuilder()
        .setReceipt(ByteString.copyFrom(bytes))
        .setSignature(ByteString.copyFrom(by.sign(SigningDomain.RECEIPT, bytes).toByteArray()))
        .addAllCertificates(
            Certificates.encodeChain(certificates.subList(0, 2)).stream()
                .map(ByteString::copyFrom)
                .toList())
        .build()
        .toByteArray();
  }

  private byte[] signed(Receipt.Builder receipt) {
    return signed(receipt.build(), key, chain);
  }

  private void accept(byte[] signed, CommittedRun run) {
    receipts.verify(signed, run);
    receipts.keep(signed, run);
  }

  private void assertRefused(ErrorCode code, byte[] signed, CommittedRun run) throws IOException {
    assertEquals(
        code, assertThrows(HoldfastException.class, () -> receipts.verify(signed, run)).code());
    assertEquals(0, files());
  }

  private void assertRefused(UnaryOperator<Receipt.Builder> change) throws IOException {
    CommittedRun run = run();
    assertRefused(ErrorCode.SIGNATURE_INVALID, signed(change.apply(receipt(run, 7))), run);
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  @Test
  void shouldKeepWhatWasCommitted() {
    CommittedRun run = run();
    accept(signed(receipt(run, 7)), run);
    assertEquals(List.of(receipt(run, 7).build()), reopened().all());
  }

  @Test
  void shouldKeepTheReceiptOfARunWhoseRootAnEarlierProcessSent() {
    CommittedRun run = run();
    CommittedRun repeated = new CommittedRun(run.run(), run.snapshot(), Optional.empty(), sources);
    accept(signed(receipt(run, 7)), repeated);
    assertEquals(1, receipts.all().size());
  }

  @Test
  void shouldRefuseAReceiptOfSomethingElse() throws IOException {
    ByteString other16 = ByteString.copyFrom(randomness.bytes(16));
    ByteString other32 = ByteString.copyFrom(randomness.bytes(32));
    assertRefused(receipt -> receipt.setRepository(other16));
    assertRefused(receipt -> receipt.setHost(other16));
    assertRefused(receipt -> receipt.setRun(other16));
    assertRefused(receipt -> receipt.setSnapshot(other32));
    assertRefused(receipt -> receipt.setRoot(other32));
    assertRefused(receipt -> receipt.clearRoot());
    assertRefused(receipt -> receipt.clearSeq());
    assertRefused(receipt -> receipt.clearRecordHash());
    assertRefused(receipt -> receipt.clearIncarnation());
  }

  @Test
  void shouldRefuseAReceiptThatNoCoordinatorOfThisFleetSigned() throws IOException {
    CommittedRun run = run();
    Receipt receipt = receipt(run, 7).build();
    assertRefused(
        ErrorCode.SIGNATURE_INVALID, signed(receipt, SigningKey.generate(randomness), chain), run);
    SigningKey hostKey = SigningKey.generate(randomness);
    assertRefused(
        ErrorCode.CERTIFICATE_INVALID,
        signed(receipt, hostKey, issuing.host(request(hostKey), host, IssuingAuthority.HOST_LIFE)),
        run);
    FleetAuthority stranger =
        FleetAuthority.create(FleetId.of(randomness.bytes(16)), time, randomness);
    SigningKey strange = SigningKey.generate(randomness);
    assertRefused(
        ErrorCode.CERTIFICATE_INVALID,
        signed(
            receipt,
            strange,
            stranger
                .issuingAuthority("beta")
                .journalWriter(
                    request(strange), CoordinatorId.of(randomness.bytes(16)), Duration.ofDays(1))),
        run);
    time.advance(Duration.ofDays(31));
    assertRefused(ErrorCode.CERTIFICATE_EXPIRED, signed(receipt, key, chain), run);
    assertRefused(ErrorCode.MALFORMED, new byte[] {1, 2, 3}, run);
  }

  @Test
  void shouldKeepTheNewestOfEachSourceSetWhateverSlotsTheyName() throws IOException {
    for (long seq = 1_000; seq > 1_000 - 2 * Receipts.KEPT; seq--) {
      CommittedRun run = run();
      receipts = reopened();
      accept(signed(receipt(run, seq)), run);
    }
    CommittedRun other = run();
    accept(
        signed(receipt(other, 5)),
        new CommittedRun(
            other.run(), other.snapshot(), other.root(), Bytes32.of(randomness.bytes(32))));
    assertEquals(Receipts.KEPT + 1, files());
    List<Long> seqs = receipts.all().stream().map(Receipt::getSeq).toList();
    long newest = 1_000 - 2 * Receipts.KEPT + 1;
    assertTrue(seqs.containsAll(LongStream.range(newest, newest + Receipts.KEPT).boxed().toList()));
    assertTrue(seqs.contains(5L));
  }

  @Test
  void shouldPassOverADamagedReceipt() throws IOException {
    CommittedRun first = run();
    accept(signed(receipt(first, 7)), first);
    CommittedRun second = run();
    accept(signed(receipt(second, 8)), second);
    Path file;
    try (Stream<Path> files = Files.list(directory)) {
      file = files.sorted().findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[20] ^= 1;
    Files.write(file, bytes);
    assertEquals(List.of(8L), receipts.all().stream().map(Receipt::getSeq).toList());
  }
}
