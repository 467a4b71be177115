package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryRecovery;
import io.holdfast.common.key.RestoreKeys;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.wire.v1.ExportKeysAnswer;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.RestorePlan;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** `restore` of another host's snapshot in a private repository: opened here, by the passphrase. */
class PrivateRestoreCommandTest extends CommandLineFixture {
  private static final String WORDS = "correct horse battery staple";
  private static final Argon2Cost CHEAP = new Argon2Cost(64, 1, 1);

  private final Randomness randomness = Randomness.secure();
  private final RepositoryId repository = RepositoryId.of(randomness.bytes(16));
  private final HostId owner = HostId.of(randomness.bytes(16));
  private final HostId reader = HostId.of(randomness.bytes(16));
  private final HostKeyPair readerKey = HostKeyPair.generate(randomness);
  private final Bytes32 rootKey = Bytes32.of(randomness.bytes(32));
  private final ChunkId root = new ChunkKey(ChunkKind.PAGE, rootKey).id();
  private final RunId run = RunId.of(randomness.bytes(16));
  private final SnapshotId snapshot = SnapshotFormat.snapshotId(owner, run, root);
  private final RestorePlan plan = Samples.PLAN.toBuilder().setSealedKeysNeeded(true).build();
  private Path passphrase;
  private RecoveryKit kit;
  private FetchSealedKeysAnswer sealed;

  @BeforeEach
  void seal() {
    passphrase = dir.resolve("pass");
    SecretFile.write(passphrase, WORDS.getBytes(StandardCharsets.UTF_8));
    try (HostKeyPair recovery = HostKeyPair.generate(randomness);
        PrivateHostKeys keys = PrivateHostKeys.generate(owner, randomness);
        MasterKey master = MasterKey.generate(randomness);
        Passphrase words = Passphrase.of(WORDS.toCharArray())) {
      kit =
          new RecoveryKit(
              repository,
              rootKey,
              1,
              master.wrap(repository, 1, words, CHEAP, randomness),
              Optional.of(RepositoryRecovery.wrap(repository, recovery, words, CHEAP, randomness)));
      byte[] rootBox =
          SealedBox.seal(
              keys.recoveryKey().publicKey(),
              SnapshotFormat.rootInfo(),
              SnapshotFormat.rootAad(repository, owner, run, root),
              rootKey.toByteArray(),
              randomness);
      sealed =
          FetchSealedKeysAnswer.newBuilder()
              .setRepository(bytes(repository.toByteArray()))
              .setSnapshot(bytes(snapshot.toByteArray()))
              .setHost(bytes(owner.toByteArray()))
              .setRun(bytes(run.toByteArray()))
              .setRoot(bytes(root.toByteArray()))
              .setRootForRecovery(bytes(rootBox))
              .setHostKeys(bytes(keys.seal(repository, recovery.publicKey(), randomness)))
              .setReader(bytes(reader.toByteArray()))
              .setReaderEncryptionKey(bytes(readerKey.publicKey().toByteArray()))
              .build();
    }
  }

  private static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }

  private Ended restore(String... more) {
    String[] words = {"restore", "3fa1", "--to", "web2:/r", "--passphrase-file", passphrase + ""};
    String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return run(all);
  }

  @Test
  void shouldSealTheKeysToTheHostThatRestoresAndSendNothingElse() {
    admin().script(plan);
    admin().script(sealed);
    admin().script(ExportKeysAnswer.newBuilder().setKit(kit.print()).build());
    admin().script(Samples.end(Samples.result(JobOutcome.JOB_OUTCOME_COMPLETE)));
    String key = HexFormat.of().formatHex(readerKey.publicKey().toByteArray());
    Ended ended = restore("--reader-key", key);
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.err().contains(key), ended.err());
    byte[] box =
        admin().request(StartRestoreRequest.class).getOrder().getSealedKeys().toByteArray();
    try (RestoreKeys keys = RestoreKeys.open(repository, snapshot, reader, readerKey, box)) {
      assertEquals(rootKey, keys.rootKey());
    }
  }

  @Test
  void shouldSealNothingToAnotherKeyThanTheOneItWasTold() {
    admin().script(plan);
    admin().script(sealed);
    Ended ended = restore("--reader-key", "ab".repeat(32));
    assertEquals(10, ended.code(), ended.err());
    assertTrue(ended.err().contains("--reader-key"), ended.err());
  }

  @Test
  void shouldTakeTheKitOfAFileAndRefuseAnotherPassphrase() throws Exception {
    Path file = dir.resolve("kit.txt");
    java.nio.file.Files.writeString(file, kit.print());
    SecretFile.write(passphrase, "another four random words".getBytes(StandardCharsets.UTF_8));
    admin().script(plan);
    admin().script(sealed);
    Ended ended = restore("--kit", file.toString());
    assertEquals(12, ended.code(), ended.err());
  }

  @Test
  void shouldNotBelieveKeysThatOpenAnotherRoot() {
    admin().script(plan);
    admin()
        .script(
            sealed.toBuilder()
                .setRoot(
                    bytes(
                        new ChunkKey(ChunkKind.PAGE, Bytes32.of(new byte[32])).id().toByteArray()))
                .build());
    admin().script(ExportKeysAnswer.newBuilder().setKit(kit.print()).build());
    assertEquals(1, restore().code());
  }
}
