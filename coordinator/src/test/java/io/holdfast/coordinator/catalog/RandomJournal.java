package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.bytes;
import static io.holdfast.coordinator.catalog.JournalScript.change;
import static io.holdfast.coordinator.catalog.JournalScript.data;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.page;
import static io.holdfast.coordinator.catalog.JournalScript.run;
import static io.holdfast.coordinator.catalog.JournalScript.session;
import static io.holdfast.coordinator.catalog.JournalScript.snapshot;
import static io.holdfast.coordinator.catalog.JournalScript.sourceSet;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.JournalScript.Deleting;
import io.holdfast.proto.stored.v1.ApprovalStep;
import io.holdfast.proto.stored.v1.Audit;
import io.holdfast.proto.stored.v1.CertificateIssued;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.CheckpointWritten;
import io.holdfast.proto.stored.v1.CondemnedEntries;
import io.holdfast.proto.stored.v1.EntriesCondemned;
import io.holdfast.proto.stored.v1.GrantIssued;
import io.holdfast.proto.stored.v1.HostDecommissioned;
import io.holdfast.proto.stored.v1.HostFactsTaken;
import io.holdfast.proto.stored.v1.HostLabelled;
import io.holdfast.proto.stored.v1.HostMoveOrdered;
import io.holdfast.proto.stored.v1.HostMoveRefused;
import io.holdfast.proto.stored.v1.HostMoved;
import io.holdfast.proto.stored.v1.HostRenamed;
import io.holdfast.proto.stored.v1.HostReplaced;
import io.holdfast.proto.stored.v1.HostRevoked;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.NamesVoided;
import io.holdfast.proto.stored.v1.PackDeleted;
import io.holdfast.proto.stored.v1.PackRewritten;
import io.holdfast.proto.stored.v1.PageCheck;
import io.holdfast.proto.stored.v1.PagesChecked;
import io.holdfast.proto.stored.v1.PersonRole;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.RewrittenEntries;
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.stored.v1.SurplusCondemned;
import io.holdfast.proto.stored.v1.SurplusEntry;
import io.holdfast.proto.stored.v1.SweepApproved;
import io.holdfast.proto.stored.v1.VoidedDeleted;
import io.holdfast.proto.stored.v1.VoidedName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * Journals with a bit of everything, sense and nonsense, the same for the same seed. Few names are
 * drawn from, so that changes meet each other.
 */
public final class RandomJournal {
  private final Random random;
  private final JournalScript journal = JournalScript.begun();
  private int packs;

  private RandomJournal(long seed) {
    this.random = new Random(seed);
  }

  /** A journal of {@code records} records, genesis included. */
  public static JournalScript of(long seed, int records) {
    RandomJournal drawn = new RandomJournal(seed);
    while (drawn.journal.records().size() < records) {
      drawn.addRecord();
    }
    return drawn.journal;
  }

  private void addRecord() {
    List<Change> changes = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      changes.add(draw());
    }
    journal.record(changes.toArray(Change[]::new));
  }

  private Change draw() {
    return switch (random.nextInt(21)) {
      case 0 -> JournalScript.token(random.nextInt(9));
      case 1 -> JournalScript.enrol(drawHost(), random.nextInt(9));
      case 2 -> JournalScript.open(session(random.nextInt(20)), drawHost());
      case 3 -> close();
      case 4, 5 -> commit();
      case 6, 7, 8 -> register();
      case 9, 10 -> prove();
      case 11 -> lose();
      case 12 -> other();
      case 13, 14, 15 -> deletion();
      case 17, 18, 19, 20 -> sweep();
      default -> change(c -> c.setAudit(Audit.getDefaultInstance()));
    };
  }

  private Change register() {
    int number = random.nextInt(10) == 0 ? random.nextInt(packs + 1) : packs++;
    boolean pages = random.nextBoolean();
    ScriptedFooter footer =
        pages ? ScriptedFooter.pages(pack(number)) : ScriptedFooter.data(pack(number));
    for (int i = random.nextInt(60); i >= 0; i--) {
      int chunk = random.nextInt(5_000);
      footer.add(pages ? page(chunk) : data(chunk), drawHost());
    }
    if (pages) {
      footer.add(snapshot(random.nextInt(50)), drawHost());
      footer.check(drawHost(), random.nextInt(journal.records().size() + 2), 0, 2, 5, 70);
    }
    if (random.nextInt(4) == 0) {
      footer.found(pack(random.nextInt(packs + 1)), random.nextInt(4));
    }
    journal.footer(pack(number), footer);
    return footer.registration();
  }

  private Change commit() {
    int number = random.nextInt(200);
    return JournalScript.commit(
        drawHost(),
        run(number),
        snapshot(number),
        session(random.nextInt(20)),
        sourceSet(random.nextInt(3)));
  }

  private Change prove() {
    ProofLevel level =
        random.nextBoolean() ? ProofLevel.PROOF_LEVEL_CHECKED : ProofLevel.PROOF_LEVEL_PROVEN;
    Change proof = JournalScript.prove(pack(random.nextInt(packs + 2)), level, drawEntries());
    Proof.Builder withSnapshot =
        proof.getProof().toBuilder()
            .setWhole(random.nextInt(4) == 0)
            .addSnapshots(bytes(snapshot(random.nextInt(200)).toByteArray()));
    return change(c -> c.setProof(withSnapshot));
  }

  private Change lose() {
    LossCause cause =
        List.of(
                LossCause.LOSS_CAUSE_PACK_MISSING,
                LossCause.LOSS_CAUSE_BYTES_DAMAGED,
                LossCause.LOSS_CAUSE_PROOF_FAILED,
                LossCause.LOSS_CAUSE_PROOF_FAILED)
            .get(random.nextInt(4));
    return JournalScript.lose(pack(random.nextInt(packs + 2)), cause, drawEntries());
  }

  private Change sweep() {
    long seq = random.nextInt(journal.records().size() + 2);
    return switch (random.nextInt(10)) {
      case 9 -> nameChange();
      case 0, 1 -> condemn(seq);
      case 8 -> condemnSurplus();
      case 2, 3, 4 -> rewrite();
      case 5, 6 -> deletePack(seq);
      default ->
          random.nextBoolean()
              ? change(c -> c.setSweepApproved(SweepApproved.newBuilder().setBytes(1_000)))
              : checkPages(seq);
    };
  }

  private Change condemn(long seq) {
    EntriesCondemned.Builder condemned =
        EntriesCondemned.newBuilder()
            .setMarkedThrough(random.nextInt(4) == 0 ? seq : journal.records().size() + 1)
            .setFence(random.nextInt(4) == 0 ? seq : journal.records().size() + 1)
            .setApproved(random.nextBoolean());
    for (int i = random.nextInt(5); i >= 0; i--) {
      condemned.addPacks(
          CondemnedEntries.newBuilder()
              .setPack(drawPack())
              .setEntries(drawBitmap())
              .setSealedBytes(random.nextInt(1_000)));
    }
    return change(c -> c.setEntriesCondemned(condemned));
  }

  /** Of packs that are there, or of the next one. */
  private Change nameChange() {
    ByteString name = random.nextInt(3) == 0 ? bytes(pack(packs).toByteArray()) : drawPack();
    return random.nextBoolean()
        ? change(c ->
            c.setNamesVoided(
                NamesVoided.newBuilder()
                    .addNames(
                        VoidedName.newBuilder().setPack(name).setSize(random.nextInt(1_000)))))
        : change(c -> c.setVoidedDeleted(VoidedDeleted.newBuilder().addPacks(name)));
  }

  private Change condemnSurplus() {
    SurplusCondemned.Builder condemned =
        SurplusCondemned.newBuilder().setFence(journal.records().size() + 1);
    for (int i = random.nextInt(4); i >= 0; i--) {
      condemned.addPacks(drawPack());
    }
    for (int i = random.nextInt(20); i >= 0; i--) {
      condemned.addEntries(
          SurplusEntry.newBuilder()
              .setPack(random.nextInt(4))
              .setEntry(random.nextInt(9))
              .setSurvivorPack(random.nextInt(4))
              .setSurvivorEntry(random.nextInt(9))
              .setSealedBytes(random.nextInt(1_000)));
    }
    return change(c -> c.setSurplusCondemned(condemned));
  }

  private Change rewrite() {
    int number = packs++;
    boolean pages = random.nextBoolean();
    ScriptedFooter footer =
        pages ? ScriptedFooter.pages(pack(number)) : ScriptedFooter.data(pack(number));
    BitSet taken = BitSet.valueOf(new long[] {random.nextLong() & 0xff});
    for (int i = taken.cardinality(); i > 0; i--) {
      int chunk = random.nextInt(5_000);
      footer.add(pages ? page(chunk) : data(chunk), drawHost());
    }
    journal.footer(pack(number), footer);
    PackRewritten rewritten =
        PackRewritten.newBuilder()
            .setPack(footer.registration().getPackRegistered())
            .addSources(
                RewrittenEntries.newBuilder()
                    .setPack(drawPack())
                    .setEntries(bytes(taken.toByteArray()))
                    .setSealedBytes(random.nextInt(1_000)))
            .setRescue(random.nextInt(4) == 0)
            .build();
    return change(c -> c.setPackRewritten(rewritten));
  }

  private Change deletePack(long seq) {
    if (random.nextInt(3) == 0) {
      long checkpoint = Math.max(1, seq - 1);
      return change(c ->
          c.setCheckpointWritten(
              CheckpointWritten.newBuilder()
                  .setSeq(checkpoint)
                  .setManifestSha256(bytes(new byte[32]))
                  .setCatalogDigest(bytes(new byte[32]))));
    }
    PackDeleted deleted =
        PackDeleted.newBuilder()
            .setPack(drawPack())
            .setMarkedThrough(journal.records().size() + 1)
            .build();
    return change(c -> c.setPackDeleted(deleted));
  }

  private Change checkPages(long seq) {
    PageCheck check =
        PageCheck.newBuilder()
            .setHost(bytes(drawHost().toByteArray()))
            .setSeq(seq)
            .setEntries(drawBitmap())
            .build();
    return change(
        c -> c.setPagesChecked(PagesChecked.newBuilder().setPack(drawPack()).addChecks(check)));
  }

  private ByteString drawPack() {
    return bytes(pack(random.nextInt(packs + 2)).toByteArray());
  }

  /** Empty, which means all, quite often. */
  private ByteString drawBitmap() {
    return random.nextBoolean()
        ? ByteString.EMPTY
        : bytes(BitSet.valueOf(new long[] {random.nextLong()}).toByteArray());
  }

  private Change close() {
    byte[] session = session(random.nextInt(20)).toByteArray();
    return change(c -> c.setSessionClosed(SessionClosed.newBuilder().setSession(bytes(session))));
  }

  private Change other() {
    byte[] host = drawHost().toByteArray();
    byte[] serial = {(byte) random.nextInt(20)};
    return switch (random.nextInt(13)) {
      case 11 -> {
        journal.ledBy(JournalScript.coordinator(random.nextInt(3)));
        yield JournalScript.startTerm();
      }
      case 12 ->
          JournalScript.verified(ProofLevel.forNumber(1 + random.nextInt(2)), random.nextInt(2));
      case 9 -> hostLife();
      case 7 -> person();
      case 8 -> approval();
      case 3 -> JournalScript.orderJob(random.nextInt(20), random.nextInt(5));
      case 4 -> JournalScript.endJob(random.nextInt(20), random.nextInt(5), random.nextBoolean());
      case 5 -> JournalScript.applyPolicy(random.nextInt(4), 1 + random.nextInt(3));
      case 6 -> JournalScript.deletePolicy(random.nextInt(4));
      case 10 ->
          JournalScript.orderRun(
              random.nextInt(20),
              random.nextInt(5),
              random.nextInt(3),
              random.nextInt(4),
              1 + random.nextInt(2));
      case 0 -> change(c -> c.setHostRevoked(HostRevoked.newBuilder().setHost(bytes(host))));
      case 1 ->
          change(c ->
              c.setCertificateIssued(
                  CertificateIssued.newBuilder().setHost(bytes(host)).setSerial(bytes(serial))));
      default ->
          change(c ->
              c.setGrantIssued(
                  GrantIssued.newBuilder()
                      .setGrant(bytes(JournalScript.sixteen("grant " + serial[0])))
                      .setReader(bytes(host))
                      .setSnapshot(bytes(snapshot(serial[0]).toByteArray()))));
    };
  }

  private Change hostLife() {
    byte[] host = drawHost().toByteArray();
    byte[] other = drawHost().toByteArray();
    byte[] move = {(byte) random.nextInt(3)};
    return switch (random.nextInt(8)) {
      case 6 ->
          change(c ->
              c.setHostLabelled(
                  HostLabelled.newBuilder()
                      .setHost(bytes(host))
                      .addMoved(bytes(JournalScript.policy(random.nextInt(4)).toByteArray()))));
      case 7 ->
          change(c ->
              c.setHostFactsTaken(
                  HostFactsTaken.newBuilder()
                      .setHost(bytes(host))
                      .addMoved(bytes(JournalScript.policy(random.nextInt(4)).toByteArray()))));
      case 0 -> change(c -> c.setHostRenamed(HostRenamed.newBuilder().setHost(bytes(host))));
      case 3 ->
          change(c ->
              c.setHostMoveOrdered(
                  HostMoveOrdered.newBuilder().setHost(bytes(host)).setMove(bytes(move))));
      case 4 ->
          change(c ->
              c.setHostMoveRefused(
                  HostMoveRefused.newBuilder().setHost(bytes(host)).setMove(bytes(move))));
      case 5 -> change(c -> c.setHostMoved(HostMoved.newBuilder().setHost(bytes(host))));
      case 1 ->
          change(
              c -> c.setHostDecommissioned(HostDecommissioned.newBuilder().setHost(bytes(host))));
      default ->
          change(c ->
              c.setHostReplaced(
                  HostReplaced.newBuilder().setFormer(bytes(host)).setSuccessor(bytes(other))));
    };
  }

  private Change person() {
    int person = random.nextInt(3);
    return switch (random.nextInt(4)) {
      case 0 -> PeopleInCatalogTest.setPerson(person, PersonRole.forNumber(random.nextInt(4)));
      case 1 -> PeopleInCatalogTest.removePerson(person);
      case 2 -> PeopleInCatalogTest.createToken(random.nextInt(5), person);
      default -> PeopleInCatalogTest.revokeToken(random.nextInt(5));
    };
  }

  private Change approval() {
    int approval = random.nextInt(4);
    int person = random.nextInt(3);
    return random.nextInt(3) == 0
        ? PeopleInCatalogTest.request(approval, person, random.nextBoolean() ? 0 : Long.MAX_VALUE)
        : PeopleInCatalogTest.move(approval, ApprovalStep.forNumber(random.nextInt(6)), person);
  }

  private Change deletion() {
    int host = random.nextInt(5);
    int[] some = random.ints(1 + random.nextInt(4), 0, 200).toArray();
    int seen = Math.max(1, journal.records().size() - random.nextInt(4));
    String name = "name " + random.nextInt(6);
    return switch (random.nextInt(8)) {
      case 0, 1 -> JournalScript.delete(Deleting.BY_OPERATOR.approved(drawName(name)), host, some);
      case 2, 3 ->
          JournalScript.delete(Deleting.byRules(seen).approved(drawName(name)), host, some);
      case 4 -> JournalScript.undelete(some[0]);
      case 5 -> {
        journal.later(Duration.ofDays(random.nextInt(9)));
        yield JournalScript.drop(seen, host, some);
      }
      case 6 -> random.nextBoolean() ? JournalScript.hold(name, some) : JournalScript.release(name);
      default -> JournalScript.approve(name, host, random.nextInt(9));
    };
  }

  private String drawName(String name) {
    return random.nextInt(3) == 0 ? name : "";
  }

  private int[] drawEntries() {
    return random.nextInt(3) == 0 ? new int[0] : random.ints(4, 0, 70).toArray();
  }

  private HostId drawHost() {
    return host(random.nextInt(5));
  }
}
