package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.BackupHost;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.journal.JournalFounding;
import io.holdfast.coordinator.journal.JournalPorts;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.NoCatalog;
import io.holdfast.coordinator.journal.TestFleet;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HostDetails;
import io.holdfast.proto.stored.v1.HostEnrolled;
import io.holdfast.proto.stored.v1.HostKeysSealed;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.stored.v1.TokenCreated;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What every simulated repository begins with: keys, hosts, coordinators. Made once for all seeds,
 * since nothing depends on which keys they are. Journal records are signed by the test fleet's
 * cheap signatures; everything else is signed and sealed as in production.
 */
final class SimFleet {
  static final int HOSTS = 3;

  private static final Randomness KEYS = new SeededRandomness(20_260_301);

  static final RepositoryId REPOSITORY = TestFleet.REPOSITORY;
  static final RepositoryKeys RING = RepositoryKeys.generate(REPOSITORY, KEYS);
  static final MasterKey MASTER = MasterKey.generate(KEYS);
  static final List<ChunkKeys> GENERATIONS = ChunkKeys.allOf(RING.repository(), RING.generations());

  /** Of their own, so that what shared repositories begin with doesn't depend on private ones. */
  private static final Randomness PRIVATE_KEYS = new SeededRandomness(20_260_302);

  static final HostKeyPair REPOSITORY_RECOVERY = HostKeyPair.generate(PRIVATE_KEYS);
  static final SigningKey RECEIPT_KEY = SigningKey.generate(KEYS);
  static final List<Member> MEMBERS = members();

  private SimFleet() {}

  /** A host's keys, and what the vault holds of them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Member(
      HostId id,
      SigningKey signing,
      HostKeyPair encryption,
      HostKeyPair recovery,
      byte[] sealedRecovery,
      OwnKeys own) {
    BackupHost asBackupHost(boolean isPrivate) {
      return new BackupHost(
          id,
          REPOSITORY,
          ChunkGenerations.of(generations(isPrivate)),
          signing,
          encryption,
          recovery(isPrivate).publicKey(),
          isPrivate);
    }

    /** What it makes and opens chunks with. */
    List<ChunkKeys> generations(boolean isPrivate) {
      return isPrivate ? own.generations() : GENERATIONS;
    }

    /** What opens its roots without it. */
    HostKeyPair recovery(boolean isPrivate) {
      return isPrivate ? own.recovery() : recovery;
    }
  }

  /** What a host of a private repository made, and has sealed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record OwnKeys(List<ChunkKeys> generations, HostKeyPair recovery, byte[] sealed) {
    static OwnKeys generate(HostId host) {
      PrivateHostKeys keys = PrivateHostKeys.generate(host, PRIVATE_KEYS);
      return new OwnKeys(
          ChunkKeys.allOf(REPOSITORY, keys.generations()),
          keys.recoveryKey(),
          keys.seal(REPOSITORY, REPOSITORY_RECOVERY.publicKey(), PRIVATE_KEYS));
    }
  }

  static Member member(HostId id) {
    return MEMBERS.stream().filter(member -> member.id().equals(id)).findFirst().orElseThrow();
  }

  private static List<Member> members() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      HostId id = HostId.of(KEYS.bytes(16));
      HostRecoveryKey recovery = HostRecoveryKey.generate(id, KEYS);
      members.add(
          new Member(
              id,
              SigningKey.generate(KEYS),
              HostKeyPair.generate(KEYS),
              recovery.keyPair(),
              recovery.seal(REPOSITORY, MASTER, KEYS),
              OwnKeys.generate(id)));
    }
    return List.copyOf(members);
  }

  /** Makes the vault's keys and the journal's first record, which enrols every host. */
  static void found(Vault vault, Time time, Randomness randomness, boolean isPrivate) {
    MutationSealer mutations = new MutationSealer(REPOSITORY, RING.journalKey(), randomness);
    List<Mutation> enrolments = new ArrayList<>();
    for (Member member : MEMBERS) {
      KeyObject key =
          isPrivate
              ? KeyObject.sealedHostKeys(REPOSITORY, member.id())
              : KeyObject.hostRecovery(REPOSITORY, member.id());
      byte[] sealed = isPrivate ? member.own().sealed() : member.sealedRecovery();
      vault.create(ObjectName.of(key.name()), ByteBuffer.wrap(sealed));
      enrol(member, mutations, enrolments, isPrivate);
    }
    JournalPorts ports =
        new JournalPorts(
            new VaultJournalSlots(vault),
            TestFleet.signer(0),
            TestFleet.VERIFIER,
            new NoCatalog(),
            time,
            randomness);
    new JournalFounding(ports)
        .create(
            new JournalFounding.Charter(
                REPOSITORY,
                TestFleet.FLEET,
                TestFleet.SITE,
                isPrivate
                    ? RepositoryMode.REPOSITORY_MODE_PRIVATE
                    : RepositoryMode.REPOSITORY_MODE_SHARED,
                TestFleet.ROOT),
            enrolments);
  }

  private static void enrol(
      Member member, MutationSealer mutations, List<Mutation> into, boolean isPrivate) {
    ByteString host = ByteString.copyFrom(member.id().toByteArray());
    ByteString token = host.concat(host);
    into.add(
        MutationSealer.clear(
            Change.newBuilder()
                .setTokenCreated(
                    TokenCreated.newBuilder().setToken(token).setExpiresMillis(Long.MAX_VALUE))
                .build()));
    Change change =
        Change.newBuilder()
            .setHostEnrolled(
                HostEnrolled.newBuilder()
                    .setHost(host)
                    .setToken(token)
                    .setSigningKey(ByteString.copyFrom(member.signing().verifyingKey().encode()))
                    .setEncryptionKey(
                        ByteString.copyFrom(member.encryption().publicKey().toByteArray()))
                    .setRecoveryKey(
                        isPrivate
                            ? ByteString.EMPTY
                            : ByteString.copyFrom(member.recovery().publicKey().toByteArray())))
            .build();
    Details details =
        Details.newBuilder().setHost(HostDetails.newBuilder().setName("host")).build();
    into.add(mutations.seal(change, details));
    if (isPrivate) {
      HostKeysSealed sealed =
          HostKeysSealed.newBuilder()
              .setHost(host)
              .setObjectSha256(
                  ByteString.copyFrom(Digests.sha256(member.own().sealed()).toByteArray()))
              .build();
      into.add(MutationSealer.clear(Change.newBuilder().setHostKeysSealed(sealed).build()));
    }
  }
}
