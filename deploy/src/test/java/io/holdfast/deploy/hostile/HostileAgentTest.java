package io.holdfast.deploy.hostile;

import static io.holdfast.deploy.hostile.HostileAgent.bytes;
import static io.holdfast.deploy.hostile.HostileAgent.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.ProtectedHost;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Commit;
import io.holdfast.proto.wire.v1.GetChunks;
import io.holdfast.proto.wire.v1.GetPage;
import io.holdfast.proto.wire.v1.LeafReferences;
import io.holdfast.proto.wire.v1.OpenRead;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadRequest;
import io.holdfast.proto.wire.v1.Upload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host with a valid certificate may not do, and that nobody else suffers when it tries. */
class HostileAgentTest {
  @TempDir static Path shared;
  private static Fleet fleet;
  private static Path source;
  private static FileTree tree;
  private static SnapshotId victims;
  private static Siege siege;

  private final HostileAgent mallory = HostileAgent.of(fleet, "mallory");

  /** Alice has a backup; Mallory is enrolled. */
  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared.resolve("fleet"));
    source = Files.createDirectories(shared.resolve("source"));
    FileTree.empty().file("diary", "dear diary").directory("d").file("d/x", "x").writeTo(source);
    tree = FileTree.read(source);
    try (ProtectedHost alice = fleet.enrol("alice")) {
      victims = alice.backup(source).snapshot();
    }
    fleet.enrol("mallory").close();
    siege = new Siege(fleet);
  }

  /** Whatever was tried: the other host is served. */
  @AfterAll
  static void othersAreServed() throws Exception {
    try (ProtectedHost alice = fleet.host("alice")) {
      BackupResult again = alice.backup(source);
      assertTrue(again.isComplete());
      Path target = shared.resolve("back");
      RestoreResult back = alice.restore(again.snapshot(), target, RestorePlan.EVERYTHING);
      assertEquals(List.of(), back.findings().failures());
      Path top = target.resolve(source.toString().substring(1));
      assertEquals(List.of(), tree.differences(FileTree.read(top)));
    } finally {
      fleet.close();
    }
  }

  @AfterEach
  void leave() {
    mallory.close();
  }

  // Another's data.

  private static ReadRequest openRead(SnapshotId snapshot, byte[] grant) {
    return ReadRequest.newBuilder()
        .setOpen(
            OpenRead.newBuilder().setSnapshot(bytes(snapshot.toByteArray())).setGrant(bytes(grant)))
        .build();
  }

  private static ReadRequest page(ChunkRef page, byte[] parent) {
    return ReadRequest.newBuilder()
        .setPage(
            GetPage.newBuilder().setId(bytes(page.id().toByteArray())).setParent(bytes(parent)))
        .build();
  }

  @Test
  void shouldNotReadAnothersSnapshot() throws Exception {
    siege.refused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> reading(openRead(victims, new byte[0])));
    siege.refused(ErrorCode.NOT_AUTHORISED, () -> reading(openRead(victims, new byte[16])));
  }

  private HoldfastException reading(ReadRequest... requests) throws Exception {
    try (RawCall<ReadRequest, ReadAnswer> call = mallory.readCall()) {
      for (ReadRequest request : requests) {
        call.send(request);
      }
      return call.refusal();
    }
  }

  @Test
  void shouldNotReadAnothersPagesAndChunksThroughItsOwnSnapshot() throws Exception {
    SnapshotId own = commitOwn(new HandMadeTree(mallory).file("mine", "mine").make());
    ReadRequest open = openRead(own, new byte[0]);
    ChunkRef root = rootOf(victims);
    siege.refused(ErrorCode.PAGE_NOT_REACHABLE, () -> reading(open, page(root, new byte[0])));
    siege.refused(
        ErrorCode.PAGE_NOT_REACHABLE, () -> reading(open, page(root, root.id().toByteArray())));
    byte[] diary = "dear diary".getBytes(StandardCharsets.UTF_8);
    ChunkRef chunk = mallory.key(ChunkKind.BUNDLE, diary).ref();
    siege.refused(
        ErrorCode.PAGE_NOT_REACHABLE, () -> reading(open, chunks(root.id(), List.of(chunk))));
  }

  private static ReadRequest chunks(ChunkId leaf, List<ChunkRef> chunks) {
    return ReadRequest.newBuilder()
        .setChunks(
            GetChunks.newBuilder()
                .addLeaves(
                    LeafReferences.newBuilder()
                        .setPage(bytes(leaf.toByteArray()))
                        .setReferences(HostileAgent.query(chunks).getQuery().getReferences())))
        .build();
  }

  @Test
  void shouldNotTakeReadsOutOfOrderOrShape() throws Exception {
    ChunkRef root = rootOf(victims);
    siege.refused(ErrorCode.INVALID_ARGUMENT, () -> reading(ReadRequest.getDefaultInstance()));
    siege.refused(ErrorCode.INVALID_ARGUMENT, () -> reading(page(root, new byte[0])));
    siege.refused(ErrorCode.INVALID_ARGUMENT, () -> reading(chunks(root.id(), List.of(root))));
    siege.refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            reading(
                ReadRequest.newBuilder()
                    .setOpen(OpenRead.newBuilder().setSnapshot(bytes(new byte[5])))
                    .build()));
    SnapshotId own = commitOwn(new HandMadeTree(mallory).file("mine", "mine").make());
    ReadRequest shortId =
        ReadRequest.newBuilder().setPage(GetPage.newBuilder().setId(bytes(new byte[3]))).build();
    siege.refused(ErrorCode.INVALID_ARGUMENT, () -> reading(openRead(own, new byte[0]), shortId));
  }

  private static ChunkRef rootOf(SnapshotId snapshot) throws Exception {
    try (var recovery = fleet.recover()) {
      return new ChunkRef(
          ChunkKind.PAGE,
          ChunkId.of(
              recovery.find(snapshot.toString()).stored().committed().getRoot().toByteArray()));
    }
  }

  // Possession.

  /** A tree with one file whose chunk Mallory knows the id of and nothing else. */
  private HoldfastException uploadingPages(UnaryOperator<Upload.Builder> change) throws Exception {
    byte[] content = "never seen".getBytes(StandardCharsets.UTF_8);
    HandMadeTree pages =
        new HandMadeTree(mallory)
            .referring("f", mallory.key(ChunkKind.DATA, content), content.length)
            .make();
    try (var session = mallory.session(mallory.newRun())) {
      pages.uploads().forEach(upload -> session.send(request(change.apply(upload))));
      session.send(request(mallory.commit(mallory.newRun(), pages.root())));
      return session.refusal();
    }
  }

  @Test
  void shouldNotReferToWhatItCannotShowToHave() throws Exception {
    siege.refused(
        ErrorCode.POSSESSION_NOT_SHOWN,
        () -> uploadingPages(upload -> upload.setOwns(bytes(new byte[32]))));
    siege.refused(
        ErrorCode.POSSESSION_NOT_SHOWN, () -> uploadingPages(upload -> upload.clearOwns()));
    siege.refused(
        ErrorCode.POSSESSION_NOT_SHOWN,
        () -> uploadingPages(upload -> upload.setOwns(upload.getOwns().substring(1))));
    byte[] content = "never seen".getBytes(StandardCharsets.UTF_8);
    byte[] ownAsBundle = mallory.key(ChunkKind.BUNDLE, content).own().toByteArray();
    siege.refused(
        ErrorCode.POSSESSION_NOT_SHOWN,
        () -> uploadingPages(upload -> upload.setOwns(bytes(ownAsBundle))));
  }

  // Lies about a chunk.

  /** Ways to get an upload wrong that can be seen without a key. */
  enum Lie {
    CRC(ErrorCode.CHUNK_CORRUPT) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setCrc32C(upload.getCrc32C() + 1);
      }
    },
    SHORTER_PLAIN_LENGTH(ErrorCode.MALFORMED) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setPlainLength(upload.getPlainLength() - 1);
      }
    },
    NO_PLAIN_LENGTH(ErrorCode.MALFORMED) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setPlainLength(0);
      }
    },
    LARGEST_PLAIN_LENGTH(ErrorCode.MALFORMED) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setPlainLength(-1);
      }
    },
    SHORT_ID(ErrorCode.INVALID_ARGUMENT) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setId(upload.getId().substring(1));
      }
    },
    NO_ID(ErrorCode.INVALID_ARGUMENT) {
      @Override
      void tell(Upload.Builder upload) {
        upload.clearId();
      }
    },
    SHORT_HASH(ErrorCode.MALFORMED) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setSha25616(bytes(new byte[15]));
      }
    },
    NO_KIND(ErrorCode.MALFORMED) {
      @Override
      void tell(Upload.Builder upload) {
        upload.clearKind();
      }
    },
    KIND_OF_LATER_VERSION(ErrorCode.MALFORMED) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setKindValue(77);
      }
    },
    ANOTHER_KIND(ErrorCode.CHUNK_CORRUPT) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setKindValue(ChunkKind.BUNDLE.number());
      }
    },
    OWNS_OF_NOTHING(ErrorCode.POSSESSION_NOT_SHOWN) {
      @Override
      void tell(Upload.Builder upload) {
        upload.setOwns(bytes(new byte[64]));
      }
    },
    NOTHING_SEALED(ErrorCode.CHUNK_CORRUPT) {
      @Override
      void tell(Upload.Builder upload) {
        resealed(upload, new byte[0]);
      }
    },
    CUT_SHORT(ErrorCode.CHUNK_CORRUPT) {
      @Override
      void tell(Upload.Builder upload) {
        resealed(
            upload, upload.getSealed().substring(0, upload.getSealed().size() - 1).toByteArray());
      }
    },
    PLAIN_LENGTH_OVER_THE_LIMIT(ErrorCode.LIMIT_EXCEEDED) {
      @Override
      void tell(Upload.Builder upload) {
        field(upload, 8, Integer.MAX_VALUE);
        upload.setPlainLength(Integer.MAX_VALUE);
      }
    },
    BODY_LENGTH_OVER_THE_LIMIT(ErrorCode.LIMIT_EXCEEDED) {
      @Override
      void tell(Upload.Builder upload) {
        field(upload, 12, -1);
      }
    },
    BODY_LENGTH_OF_MORE_THAN_THERE_IS(ErrorCode.CHUNK_CORRUPT) {
      @Override
      void tell(Upload.Builder upload) {
        field(upload, 12, 1 << 20);
      }
    },
    REFERENCES_OVER_THE_LIMIT(ErrorCode.LIMIT_EXCEEDED) {
      @Override
      void tell(Upload.Builder upload) {
        field(upload, 16, Integer.MAX_VALUE);
      }
    },
    REFERENCES_OF_DATA(ErrorCode.CHUNK_CORRUPT) {
      @Override
      void tell(Upload.Builder upload) {
        field(upload, 16, 1);
      }
    },
    ANOTHER_VERSION(ErrorCode.UNKNOWN_VERSION) {
      @Override
      void tell(Upload.Builder upload) {
        field(upload, 0, 0x02010000);
      }
    };

    private final ErrorCode code;

    Lie(ErrorCode code) {
      this.code = code;
    }

    abstract void tell(Upload.Builder upload);

    static void field(Upload.Builder upload, int at, int value) {
      byte[] sealed = upload.getSealed().toByteArray();
      java.nio.ByteBuffer.wrap(sealed).putInt(at, value);
      resealed(upload, sealed);
    }

    /** With sums that hold for these bytes. */
    static void resealed(Upload.Builder upload, byte[] sealed) {
      ChunkRef name = new ChunkRef(ChunkKind.DATA, ChunkId.of(upload.getId().toByteArray()));
      Upload.Builder honest = HostileAgent.upload(name, sealed, upload.getPlainLength(), List.of());
      upload
          .setSealed(honest.getSealed())
          .setCrc32C(honest.getCrc32C())
          .setSha25616(honest.getSha25616());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotStoreAChunkThatLies(Lie lie) throws Exception {
    byte[] content = ("a chunk for " + lie).getBytes(StandardCharsets.UTF_8);
    SealedChunk chunk = mallory.seal(ChunkKind.DATA, content, List.of());
    Upload.Builder upload = HostileAgent.upload(chunk, content.length, List.of());
    lie.tell(upload);
    siege.refused(
        lie.code,
        () -> {
          try (var session = mallory.session(mallory.newRun())) {
            session.send(request(upload));
            return session.refusal();
          }
        });
  }

  // Lies in the protocol.

  private HoldfastException saying(BackupRequest... requests) throws Exception {
    try (var call = mallory.backupCall()) {
      for (BackupRequest each : requests) {
        call.send(each);
      }
      return call.refusal();
    }
  }

  @Test
  void shouldNotServeASessionOutOfOrder() throws Exception {
    BackupRequest open = HostileAgent.open(mallory.newRun());
    siege.refused(ErrorCode.INVALID_ARGUMENT, () -> saying(HostileAgent.query(List.of())));
    siege.refused(ErrorCode.INVALID_ARGUMENT, () -> saying(BackupRequest.getDefaultInstance()));
    siege.refused(ErrorCode.INVALID_ARGUMENT, () -> saying(open, open));
    siege.refused(
        ErrorCode.INVALID_ARGUMENT, () -> saying(open, BackupRequest.getDefaultInstance()));
    siege.refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            saying(
                BackupRequest.newBuilder()
                    .setOpen(open.getOpen().toBuilder().setRun(bytes(new byte[4])))
                    .build()));
    siege.refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            saying(
                BackupRequest.newBuilder()
                    .setOpen(open.getOpen().toBuilder().clearSourceSet())
                    .build()));
  }

  @Test
  void shouldNotAnswerQueriesWithoutBoundsOrForm() throws Exception {
    BackupRequest open = HostileAgent.open(mallory.newRun());
    ChunkRef any = new ChunkRef(ChunkKind.DATA, ChunkId.of(new byte[32]));
    siege.refused(
        ErrorCode.MESSAGE_TOO_LARGE,
        () -> saying(open, HostileAgent.query(java.util.Collections.nCopies(4_097, any))));
    for (byte[] references : List.of(new byte[32], new byte[33], new byte[1])) {
      siege.refused(
          ErrorCode.MALFORMED,
          () ->
              saying(
                  open,
                  BackupRequest.newBuilder()
                      .setQuery(
                          io.holdfast.proto.wire.v1.Query.newBuilder()
                              .setReferences(bytes(references)))
                      .build()));
    }
  }

  // Commits.

  private SnapshotId commitOwn(HandMadeTree made) throws Exception {
    return made.commit(mallory.newRun());
  }

  private static BackupAnswer committed(RawCall<BackupRequest, BackupAnswer> session)
      throws InterruptedException {
    BackupAnswer answer = session.answer();
    while (answer.hasProgress()) {
      answer = session.answer();
    }
    return answer;
  }

  @Test
  void shouldNotCommitARootThatWasNeverUploaded() throws Exception {
    RunId run = mallory.newRun();
    byte[] content = "no page".getBytes(StandardCharsets.UTF_8);
    ChunkKey nowhere = mallory.key(ChunkKind.PAGE, content);
    try (var session = mallory.session(run)) {
      session.send(request(mallory.commit(run, new Reference(ChunkKind.PAGE, nowhere.k()))));
      BackupAnswer answer = committed(session);
      assertTrue(answer.hasMissing(), answer::toString);
      assertTrue(answer.getMissing().getLast());
    }
  }

  @Test
  void shouldNotCommitAnothersRoot() throws Exception {
    RunId run = mallory.newRun();
    ChunkRef root = rootOf(victims);
    Commit.Builder commit =
        mallory.commit(
            run, new Reference(ChunkKind.PAGE, mallory.key(ChunkKind.PAGE, new byte[1]).k()));
    siege.refused(
        ErrorCode.SIGNATURE_INVALID,
        () -> {
          try (var session = mallory.session(run)) {
            session.send(request(commit.setRoot(bytes(root.id().toByteArray()))));
            return session.refusal();
          }
        });
  }

  private HoldfastException committing(RunId run, Commit.Builder commit) throws Exception {
    try (var session = mallory.session(run)) {
      session.send(request(commit));
      return session.refusal();
    }
  }

  @Test
  void shouldNotTakeACommitThatIsNotSignedByThisHostForThisRun() throws Exception {
    HandMadeTree made = new HandMadeTree(mallory).file("f", "f").make();
    RunId run = mallory.newRun();
    Commit.Builder honest = mallory.commit(run, made.root());
    SigningKey foreign = SigningKey.generate(fleet.randomness);
    siege.refused(
        ErrorCode.SIGNATURE_INVALID,
        () -> committing(run, mallory.commit(run, made.root(), mallory.id(), foreign)));
    siege.refused(ErrorCode.SIGNATURE_INVALID, () -> committing(mallory.newRun(), honest.clone()));
    try (HostileAgent alice = HostileAgent.of(fleet, "alice")) {
      siege.refused(
          ErrorCode.SIGNATURE_INVALID, () -> committing(run, alice.commit(run, made.root())));
      siege.refused(
          ErrorCode.SIGNATURE_INVALID,
          () ->
              committing(
                  run,
                  mallory.commit(run, made.root(), alice.id(), mallory.identity.signingKey())));
    }
    siege.refused(
        ErrorCode.SIGNATURE_INVALID,
        () -> committing(run, honest.clone().setSignature(bytes(new byte[64]))));
  }

  @Test
  void shouldNotTakeACommitOfAnotherShape() throws Exception {
    HandMadeTree made = new HandMadeTree(mallory).file("f", "f").make();
    RunId run = mallory.newRun();
    Commit.Builder honest = mallory.commit(run, made.root());
    List<Commit.Builder> malformed =
        List.of(
            honest.clone().setRoot(bytes(new byte[31])),
            honest.clone().clearUploadsDigest(),
            honest.clone().clearRootForRecovery(),
            honest.clone().setRootForHost(bytes(new byte[1_025])),
            honest.clone().clearSources(),
            honest.clone().addSources(bytes(new byte[65_536])),
            honest.clone().addAllSources(java.util.Collections.nCopies(1_024, ByteString.EMPTY)));
    for (Commit.Builder commit : malformed) {
      siege.refused(ErrorCode.INVALID_ARGUMENT, () -> committing(run, commit));
    }
    siege.refused(ErrorCode.MALFORMED, () -> committing(run, honest.clone().clearSignature()));
    siege.refused(
        ErrorCode.MALFORMED,
        () -> committing(run, honest.clone().setSignature(bytes(new byte[65]))));
  }

  @Test
  void shouldAnswerARepeatedRunWithWhatItCommittedFirst() throws Exception {
    RunId run = mallory.newRun();
    HandMadeTree first = new HandMadeTree(mallory).file("f", "first").make();
    SnapshotId snapshot;
    try (var session = mallory.session(run)) {
      first.uploads().forEach(upload -> session.send(request(upload)));
      session.send(request(mallory.commit(run, first.root())));
      snapshot = SnapshotId.of(committed(session).getCommitted().getSnapshot().toByteArray());
    }
    long head = new JournalFiles(fleet.vault()).head();
    HandMadeTree second = new HandMadeTree(mallory).file("f", "second").make();
    try (var call = mallory.backupCall()) {
      call.send(HostileAgent.open(run));
      call.send(request(mallory.commit(run, second.root())));
      BackupAnswer answer = call.answer();
      assertEquals(snapshot, SnapshotId.of(answer.getCommitted().getSnapshot().toByteArray()));
    }
    assertEquals(head, new JournalFiles(fleet.vault()).head());
  }

  /** The run of another host is not this one's: its receipt is not given away. */
  @Test
  void shouldNotAnswerForAnothersRun() throws Exception {
    RunId run = mallory.newRun();
    HandMadeTree made = new HandMadeTree(mallory).file("f", "mine").make();
    try (var session = mallory.session(run)) {
      made.uploads().forEach(upload -> session.send(request(upload)));
      session.send(request(mallory.commit(run, made.root())));
      assertTrue(committed(session).hasCommitted());
    }
    try (HostileAgent alice = HostileAgent.of(fleet, "alice");
        var session = alice.session(run)) {
      assertNotNull(session); // it was opened, not answered with a receipt
    }
  }

  // Garbage under another's name.

  @Test
  void shouldNotLetAnotherHostRelyOnGarbageUnderARightName() throws Exception {
    byte[] content = "content that Bob will have too".getBytes(StandardCharsets.UTF_8);
    ChunkKey poisoned = mallory.key(ChunkKind.DATA, content);
    byte[] garbage =
        mallory
            .seal(ChunkKind.DATA, "something else".getBytes(StandardCharsets.UTF_8), List.of())
            .bytes();
    HandMadeTree tree = new HandMadeTree(mallory).referring("f", poisoned, content.length).make();
    RunId run = mallory.newRun();
    try (var session = mallory.session(run)) {
      session.send(request(HostileAgent.upload(poisoned.ref(), garbage, 14, List.of())));
      tree.uploads().forEach(upload -> session.send(request(upload)));
      session.send(request(mallory.commit(run, tree.root())));
      assertTrue(committed(session).hasCommitted(), "it is Mallory's own loss");
    }
    try (HostileAgent bob = HostileAgent.enrol(fleet, "bob" + run.toString().substring(0, 8));
        var session = bob.session(bob.newRun())) {
      session.send(HostileAgent.query(List.of(poisoned.ref())));
      assertEquals(ByteString.EMPTY, session.answer().getQuery().getKnown());
    }
    try (HostileAgent alice = HostileAgent.of(fleet, "alice")) {
      assertHasItsOwn(alice, content);
    }
  }

  /** Stores the content itself and gets it back, whatever lies under its name beside. */
  private static void assertHasItsOwn(HostileAgent alice, byte[] content) throws Exception {
    SnapshotId snapshot =
        new HandMadeTree(alice)
            .file("f", new String(content, StandardCharsets.UTF_8))
            .make()
            .commit(alice.newRun());
    try (ProtectedHost host = fleet.host("alice")) {
      Path target = Files.createTempDirectory(shared, "back");
      RestoreResult result = host.restore(snapshot, target, RestorePlan.EVERYTHING);
      assertEquals(List.of(), result.findings().failures());
      assertEquals(
          new String(content, StandardCharsets.UTF_8), Files.readString(target.resolve("f")));
    }
  }

  // Lies in a page's clear references.

  @ParameterizedTest
  @ValueSource(strings = {"extra", "missing", "reordered", "kind"})
  void shouldFindOutALieInAPagesClearReferences(String lie) throws Exception {
    ChunkKey known = mallory.key(ChunkKind.DATA, "in both".getBytes(StandardCharsets.UTF_8));
    HandMadeTree made =
        new HandMadeTree(mallory)
            .file("a" + lie, "in both")
            .file("b" + lie, "only here " + lie)
            .lyingInClear(references -> told(lie, references, known.ref()))
            .make();
    for (Upload.Builder upload : made.uploads()) {
      ownWhatIsTold(upload, lie, known);
    }
    RunId run = mallory.newRun();
    boolean committed;
    try (var session = mallory.session(run)) {
      made.uploads().forEach(upload -> session.send(request(upload)));
      session.send(request(mallory.commit(run, made.root())));
      committed = wasCommitted(session);
    }
    if (committed) {
      assertProofNames(run, made.rootRef());
    }
  }

  private static List<ChunkRef> told(String lie, List<ChunkRef> references, ChunkRef known) {
    List<ChunkRef> told = new ArrayList<>(references);
    switch (lie) {
      case "extra" -> told.add(known);
      case "missing" -> told.removeLast();
      case "reordered" -> told.add(told.removeFirst());
      case "kind" -> told.set(0, new ChunkRef(ChunkKind.BUNDLE, told.getFirst().id()));
      default -> throw new AssertionError(lie);
    }
    return told;
  }

  /** Owns in the order that the lie needs, so that it isn't caught for want of them. */
  private static void ownWhatIsTold(Upload.Builder upload, String lie, ChunkKey known) {
    byte[] owns = upload.getOwns().toByteArray();
    if (owns.length != 64) {
      return; // no leaf with two references
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (lie) {
      case "extra" -> {
        out.writeBytes(owns);
        out.writeBytes(known.own().toByteArray());
      }
      case "missing" -> out.write(owns, 0, 32);
      case "reordered" -> {
        out.write(owns, 32, 32);
        out.write(owns, 0, 32);
      }
      default -> out.writeBytes(owns);
    }
    upload.setOwns(bytes(out.toByteArray()));
  }

  private static boolean wasCommitted(RawCall<BackupRequest, BackupAnswer> session)
      throws InterruptedException {
    BackupAnswer answer = committed(session);
    assertTrue(answer.hasCommitted() || answer.hasMissing(), answer::toString);
    return answer.hasCommitted();
  }

  private void assertProofNames(RunId run, ChunkRef root) throws Exception {
    SnapshotId snapshot =
        io.holdfast.common.snapshot.SnapshotFormat.snapshotId(mallory.id(), run, root.id());
    List<String> faults = new ArrayList<>();
    try (var admin = fleet.admin()) {
      admin.verify(
          io.holdfast.proto.wire.v1.VerifyRequest.newBuilder()
              .setLevel(io.holdfast.proto.wire.v1.VerifyLevel.VERIFY_LEVEL_PROVEN)
              .setSnapshot(snapshot.toString())
              .build(),
          event -> {
            if (event.hasFault()) {
              faults.add(event.getFault().getError().getMessage());
            }
          });
    }
    assertTrue(
        faults.stream().anyMatch(text -> text.contains("page:")), () -> "no fault: " + faults);
  }
}
