package io.holdfast.coordinator.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A journal as version 1 wrote it, with real certificates: genesis, a record, a new term, a late
 * record of the old one, a record over it, a gap, a rollback, and a term in the new incarnation. It
 * must read so for ever. New files are written by -Dholdfast.golden.write=directory, never over old
 * ones.
 */
class GoldenJournalTest {
  private static final String DIRECTORY = "/golden/v1/journal/";
  private static final FleetRecordVerifier VERIFIER = new FleetRecordVerifier();
  private static final int GAP = 6;
  private static final int LAST = 8;

  @Test
  void shouldReadTheJournalOfVersionOne() throws IOException {
    Map<Integer, ByteString> golden = new TreeMap<>();
    for (int seq = 1; seq <= LAST; seq++) {
      if (seq != GAP) {
        golden.put(seq, ByteString.copyFrom(read(seq)));
      }
    }
    assertEquals(text("verdicts.txt"), verdicts(golden));
  }

  @Test
  void shouldEncodeTheSameBodyToTheSameBytes() throws IOException {
    for (int seq = 1; seq <= LAST; seq++) {
      if (seq != GAP) {
        JournalRecord record = RecordCodec.parse(seq, ByteString.copyFrom(read(seq)));
        ByteString again = RecordCodec.encode(record.body(), TestFleet.signer(0));
        assertEquals(record.unsigned(), again.substring(0, again.size() - 64), "slot " + seq);
      }
    }
  }

  @Test
  void shouldTakeTheJournalKeyOfACoordinatorOnly() throws IOException {
    Writer fleet = new Writer();
    ByteString root = fleet.root();
    Instant now = fleet.time.now();
    CertifiedKey journal = fleet.journalKey(1);
    CertifiedKey host =
        fleet.certify(request ->
            fleet.issuing.host(request, HostId.of(TestFleet.id(1)), IssuingAuthority.HOST_LIFE));
    CoordinatorId one = CoordinatorId.of(TestFleet.id(1));

    assertTrue(VERIFIER.signerKey(chain(journal), List.of(root), one, now).isPresent());
    assertFalse(VERIFIER.signerKey(chain(host), List.of(root), one, now).isPresent());
    CoordinatorId two = CoordinatorId.of(TestFleet.id(2));
    assertFalse(VERIFIER.signerKey(chain(journal), List.of(root), two, now).isPresent());
    Instant late = now.plus(Duration.ofDays(4000));
    assertFalse(VERIFIER.signerKey(chain(journal), List.of(root), one, late).isPresent());
    assertFalse(
        VERIFIER.signerKey(chain(journal), List.of(new Writer(2).root()), one, now).isPresent());
    assertFalse(
        VERIFIER
            .signerKey(List.of(ByteString.copyFromUtf8("no DER")), List.of(root), one, now)
            .isPresent());
  }

  @Test
  void shouldWriteAJournalThatMeansWhatTheGoldenOneDoes() throws IOException {
    Map<Integer, ByteString> written = new Writer().write();
    String meant = verdicts(written);
    String directory = System.getProperty("holdfast.golden.write");
    if (directory != null) {
      for (var record : written.entrySet()) {
        Path file = Path.of(directory, name(record.getKey()));
        Files.write(file, record.getValue().toByteArray(), StandardOpenOption.CREATE_NEW);
      }
      Files.writeString(Path.of(directory, "verdicts.txt"), meant, StandardOpenOption.CREATE_NEW);
    }
    String hash = "[0-9a-f]{64}";
    assertEquals(text("verdicts.txt").replaceAll(hash, ""), meant.replaceAll(hash, ""));
  }

  private static String verdicts(Map<Integer, ByteString> slots) {
    Replay replay = new Replay(VERIFIER);
    JournalState state = JournalState.beforeGenesis(JournalAnchor.asFound());
    StringBuilder lines = new StringBuilder();
    for (int seq = 1; seq <= LAST; seq++) {
      Verdict verdict = seq == GAP ? replay.missing(state) : replay.judge(state, slots.get(seq));
      lines.append(seq).append(' ').append(line(verdict)).append('\n');
      state = verdict.after();
    }
    return lines.toString();
  }

  private static String line(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Valid valid ->
          "valid "
              + valid.record().hash()
              + " term "
              + valid.authority().term()
              + " incarnation "
              + valid.authority().incarnationNumber();
      case Verdict.Outvoted(SlotHash slot, var reason, var _) ->
          "void " + slot.hash() + " " + reason;
      case Verdict.Damaged(Damage damage, var _) -> "damaged " + damage.reason();
      case Verdict.Rewind rewind -> "rewind to " + rewind.lastValidSeq();
    };
  }

  private static String name(int seq) {
    return "%020d".formatted(seq);
  }

  private static byte[] read(int seq) throws IOException {
    return bytes(name(seq));
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), UTF_8);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = GoldenJournalTest.class.getResourceAsStream(DIRECTORY + name)) {
      assertNotNull(in, name);
      return in.readAllBytes();
    }
  }

  private static List<ByteString> chain(CertifiedKey key) {
    return Certificates.encodeChain(key.chain().subList(0, 2)).stream()
        .map(ByteString::copyFrom)
        .toList();
  }

  /** Makes a fleet from a seed and writes the journal with it. */
  private static final class Writer {
    private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));
    private final SeededRandomness randomness;
    private final FleetAuthority authority;
    private final IssuingAuthority issuing;
    private final Map<Integer, ByteString> written = new TreeMap<>();

    Writer() {
      this(1);
    }

    Writer(long seed) {
      randomness = new SeededRandomness(seed);
      authority = FleetAuthority.create(TestFleet.FLEET, time, randomness);
      issuing = authority.issuingAuthority("alpha");
    }

    ByteString root() {
      return ByteString.copyFrom(Certificates.encode(authority.certificate()));
    }

    interface Issue {
      List<X509Certificate> chain(CertificateRequest request);
    }

    CertifiedKey certify(Issue issue) {
      SigningKey key = SigningKey.generate(randomness);
      CertificateRequest request =
          CertificateRequest.verify(CertificateRequest.make(key, randomness));
      return CertifiedKey.of(key, issue.chain(request), randomness);
    }

    CertifiedKey journalKey(int coordinator) {
      return certify(request ->
          issuing.journalWriter(
              request, CoordinatorId.of(TestFleet.id(coordinator)), Duration.ofDays(365)));
    }

    private RecordDrafter drafter(RecordSigner signer, int token) {
      return new RecordDrafter(signer, new Replay(VERIFIER), time, TestFleet.token(token));
    }

    private Verdict.Valid put(Verdict.Valid draft) {
      written.put((int) draft.seq(), draft.record().bytes());
      time.advance(Duration.ofSeconds(1));
      return draft;
    }

    Map<Integer, ByteString> write() {
      RecordSigner one = FleetRecordSigner.of(journalKey(1), randomness);
      RecordSigner two = FleetRecordSigner.of(journalKey(2), randomness);
      var genesis = TestFleet.GENESIS.toBuilder().setRootCertificate(root()).build();
      RecordDrafter first = drafter(one, 1);
      RecordDrafter second = drafter(two, 2);
      JournalState state =
          put(first.startJournal(
                  TestFleet.REPOSITORY, TestFleet.EPOCH, TestFleet.INCARNATION, genesis, List.of()))
              .after();
      state = put(first.carry(state, List.of(TestFleet.mutation("one")))).after();
      JournalState beforeTerm = state;
      state = put(second.startTerm(state)).after();
      JournalState valid = state;
      ByteString late = late(one, first.carry(beforeTerm, List.of(TestFleet.mutation("late"))));
      written.put(4, late);
      state = new Replay(VERIFIER).judge(state, late).after();
      state = put(second.carry(state, List.of(TestFleet.mutation("two")))).after();
      assertEquals(3, valid.lastValidSeq());
      JournalState back = state;
      state = put(first.rollBack(back, GAP + 1, 2, IncarnationId.of(TestFleet.id(0xB3)))).after();
      put(second.startTerm(state));
      return written;
    }

    /** The record of slot 3 that term 1 never got in, as it would stand in slot 4. */
    private static ByteString late(RecordSigner signer, Verdict.Valid draft) {
      return RecordCodec.encode(draft.record().body().toBuilder().setSeq(4).build(), signer);
    }
  }
}
