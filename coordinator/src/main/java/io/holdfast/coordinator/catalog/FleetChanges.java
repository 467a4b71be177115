package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.CertificateIssued;
import io.holdfast.proto.stored.v1.HostEnrolled;
import io.holdfast.proto.stored.v1.HostKeysResealed;
import io.holdfast.proto.stored.v1.HostKeysSealed;
import io.holdfast.proto.stored.v1.HostRevoked;
import io.holdfast.proto.stored.v1.HostRootTaken;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.TokenCreated;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Effects of tokens, enrolments, certificates, revocations and fleet roots. */
final class FleetChanges {
  private FleetChanges() {}

  static void createToken(TokenCreated change, Mutation mutation, Effects effects) {
    byte[] token = Fields.bytes32(change.getToken(), "token").toByteArray();
    putOnce(
        effects.has(Families.TOKENS, token),
        effects,
        () -> effects.put(Families.TOKENS, token, effects.recorded(mutation)));
  }

  /** A token lets one host in, and a host's keys, once enrolled, are never replaced. */
  static void enrol(HostEnrolled change, Mutation mutation, Effects effects) {
    HostId host = Fields.host(change.getHost());
    byte[] token = Fields.bytes32(change.getToken(), "token").toByteArray();
    boolean refused =
        !effects.has(Families.TOKENS, token)
            || effects.has(Families.TOKEN_USES, token)
            || effects.has(Families.HOSTS, host.toByteArray());
    putOnce(
        refused,
        effects,
        () -> {
          effects.put(Families.TOKEN_USES, token, host.toByteArray());
          effects.put(Families.HOSTS, host.toByteArray(), effects.recorded(mutation));
        });
  }

  static void issueCertificate(CertificateIssued change, Mutation mutation, Effects effects) {
    byte[] key = Keys.certificate(Fields.host(change.getHost()), change.getSerial());
    putOnce(
        effects.has(Families.CERTIFICATES, key),
        effects,
        () -> effects.put(Families.CERTIFICATES, key, effects.recorded(mutation)));
  }

  /** The first revocation is the one that counts, unless that was a move. */
  static void revoke(HostRevoked change, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    putOnce(
        effects.has(Families.REVOCATIONS, host) && !HostMoveChanges.isMoved(host, effects),
        effects,
        () -> effects.put(Families.REVOCATIONS, host, Keys.seq(effects.seq())));
  }

  /** In a private repository, once for a host that is in service: its keys are never replaced. */
  static void sealKeys(HostKeysSealed change, Mutation mutation, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    boolean isPrivate =
        effects
            .get(Families.META, Keys.REPOSITORY)
            .map(row -> RepositoryIdentity.of(row).isPrivate())
            .orElse(false);
    boolean refused =
        !isPrivate
            || !effects.has(Families.HOSTS, host)
            || effects.has(Families.REVOCATIONS, host)
            || effects.has(Families.HOST_KEYS_SEALED, host)
            || FleetQueries.numberOf(change) != masterNumber(effects);
    putOnce(
        refused,
        effects,
        () -> effects.put(Families.HOST_KEYS_SEALED, host, effects.recorded(mutation)));
  }

  /** For a master key that is to come; what was said last counts once that one is in use. */
  static void resealKeys(HostKeysResealed change, Effects effects) {
    HostId host = Fields.host(change.getHost());
    byte[] object = Fields.bytes32(change.getObjectSha256(), "object hash").toByteArray();
    boolean refused =
        !effects.has(Families.HOST_KEYS_SEALED, host.toByteArray())
            || HostErasures.isErased(host, effects)
            || Integer.compareUnsigned(change.getNumber(), masterNumber(effects)) <= 0;
    putOnce(
        refused,
        effects,
        () ->
            effects.put(
                Families.HOST_KEYS_SEALED, Keys.resealed(host, change.getNumber()), object));
  }

  /** Of the master key in use. */
  static int masterNumber(Effects effects) {
    return effects
        .get(Families.META, Keys.MASTER)
        .map(row -> Recorded.of(row).change().getMasterReplaced().getNumber())
        .orElse(1);
  }

  /** Which root a host has; that of a host that isn't enrolled is nobody's. */
  static void takeRoot(HostRootTaken change, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    byte[] root = Fields.bytes32(change.getRoot(), "root").toByteArray();
    putOnce(
        !effects.has(Families.HOSTS, host),
        effects,
        () -> effects.put(Families.HOST_ROOTS, host, root));
  }

  /** Two are believed at most; which, the head says. What is kept is since when. */
  static void introduceRoot(Effects effects) {
    putOnce(
        effects.has(Families.META, Keys.ROOT_INTRODUCED),
        effects,
        () -> effects.put(Families.META, Keys.ROOT_INTRODUCED, Keys.seq(effects.seq())));
  }

  /** Tokens from before the newest root send whoever has them to one that is believed no more. */
  static void retireRoot(Effects effects) {
    Optional<byte[]> introduced = effects.get(Families.META, Keys.ROOT_INTRODUCED);
    putOnce(
        introduced.isEmpty(),
        effects,
        () -> {
          effects.put(Families.META, Keys.TOKENS_SINCE, introduced.get());
          effects.delete(Families.META, Keys.ROOT_INTRODUCED);
        });
  }

  /** Whether a token that the record in slot {@code seq} made is of a root that was retired. */
  static boolean isOfRetiredRoot(long seq, Reads reads) {
    return reads
        .get(Families.META, Keys.TOKENS_SINCE)
        .filter(since -> Long.compareUnsigned(seq, ByteBuffer.wrap(since).getLong()) < 0)
        .isPresent();
  }

  private static void putOnce(boolean refused, Effects effects, Runnable put) {
    if (refused) {
      effects.ignore();
    } else {
      put.run();
    }
  }
}
