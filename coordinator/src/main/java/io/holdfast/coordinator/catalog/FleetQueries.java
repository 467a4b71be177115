package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.CertificateIssued;
import io.holdfast.proto.stored.v1.HostKeysSealed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;

/** Hosts, tokens, certificates, open sessions and grants. Lists are as long as the fleet. */
public final class FleetQueries {
  private static final byte[] ALL = {};

  private final Reads reads;

  FleetQueries(Reads reads) {
    this.reads = reads;
  }

  public Optional<EnrolledHost> host(HostId id) {
    byte[] key = id.toByteArray();
    return reads.get(Families.HOSTS, key).map(row -> host(key, row));
  }

  /** Sealed bytes that {@code host} uploaded and that are in packs which are there. */
  public long storedBytes(HostId host) {
    return number(Families.HOST_BYTES, host).orElse(0);
  }

  /** What {@code host} may fill of the vault, if that was said for it; unsigned. */
  public OptionalLong quota(HostId host) {
    return number(Families.HOST_QUOTAS, host);
  }

  private OptionalLong number(Family family, HostId host) {
    return reads
        .get(family, host.toByteArray())
        .map(row -> OptionalLong.of(ByteBuffer.wrap(row).getLong()))
        .orElse(OptionalLong.empty());
  }

  /** Every host ever enrolled, in the order of ids, revoked ones included. */
  public List<EnrolledHost> hosts() {
    return list(Families.HOSTS, ALL, this::host);
  }

  /** What was recorded of hosts after they were enrolled; of the others nothing was. */
  public Map<HostId, HostRevisions> revisions() {
    return revisions(ALL);
  }

  /** The same of one host. */
  public HostRevisions revisions(HostId host) {
    return revisions(host.toByteArray()).getOrDefault(host, HostRevisions.NONE);
  }

  private Map<HostId, HostRevisions> revisions(byte[] prefix) {
    Map<HostId, HostRevisions> found = new HashMap<>();
    try (Cursor cursor = reads.cursor(Families.HOST_NAMES)) {
      for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
        HostId host = HostRevisions.hostOf(cursor.key());
        HostRevisions before = found.getOrDefault(host, HostRevisions.NONE);
        found.put(host, before.and(cursor.key(), cursor.value()));
      }
    }
    return found;
  }

  /**
   * Seq of the newest change of labels or facts that took any host into a policy or out of it; 0 if
   * there was none.
   */
  public long traitsChangedSeq() {
    return reads
        .get(Families.META, Keys.TRAITS_CHANGED)
        .map(row -> ByteBuffer.wrap(row).getLong())
        .orElse(0L);
  }

  /** Every host that was revoked. */
  public Set<HostId> revoked() {
    return Set.copyOf(list(Families.REVOCATIONS, ALL, (key, row) -> HostId.of(key)));
  }

  /** Whether {@code host} was taken out of service on purpose. */
  public boolean isDecommissioned(HostId host) {
    return reads.get(Families.HOSTS_DECOMMISSIONED, host.toByteArray()).isPresent();
  }

  /** The host that goes on where {@code host} ended. */
  public Optional<HostId> successor(HostId host) {
    return reads
        .get(Families.HOSTS_REPLACED, host.toByteArray())
        .map(row -> Fields.host(Recorded.of(row).change().getHostReplaced().getSuccessor()));
  }

  /** Whose history goes on with {@code host}'s. Reads through all replacements. */
  public Optional<HostId> former(HostId host) {
    return Optional.ofNullable(formers().get(host));
  }

  /** Of each host that replaced one, the one that it replaced. */
  public Map<HostId, HostId> formers() {
    Map<HostId, HostId> formers = new HashMap<>();
    list(Families.HOSTS_REPLACED, ALL, (key, row) -> Recorded.of(row).change().getHostReplaced())
        .forEach(replaced ->
            formers.put(Fields.host(replaced.getSuccessor()), Fields.host(replaced.getFormer())));
    return formers;
  }

  /** Every host that was taken out of service on purpose. */
  public Set<HostId> decommissioned() {
    return Set.copyOf(list(Families.HOSTS_DECOMMISSIONED, ALL, (key, row) -> HostId.of(key)));
  }

  /** Whether the key that opened {@code host}'s snapshots here is destroyed, or about to be. */
  public boolean isErased(HostId host) {
    return reads.get(Families.HOSTS_ERASED, host.toByteArray()).isPresent();
  }

  /** When that was recorded, milliseconds since 1970. */
  public OptionalLong erasedMillis(HostId host) {
    return reads
        .get(Families.HOSTS_ERASED, host.toByteArray())
        .map(row -> OptionalLong.of(Recorded.of(row).timeMillis()))
        .orElse(OptionalLong.empty());
  }

  /** What {@code host} of a private repository said of its sealed keys, once they were there. */
  public Optional<HostKeysSealed> sealedKeys(HostId host) {
    return reads
        .get(Families.HOST_KEYS_SEALED, host.toByteArray())
        .map(row -> Recorded.of(row).change().getHostKeysSealed());
  }

  /**
   * SHA-256 of the object that has the keys of {@code host} of a private repository, sealed to the
   * recovery key that goes with master key {@code number}; of the newest that was said of it.
   */
  public Optional<Bytes32> sealedObject(HostId host, int number) {
    return reads
        .get(Families.HOST_KEYS_SEALED, Keys.resealed(host, number))
        .map(Bytes32::of)
        .or(() ->
            sealedKeys(host)
                .filter(sealed -> numberOf(sealed) == number)
                .map(sealed -> Bytes32.of(sealed.getObjectSha256().toByteArray())));
  }

  /** Number of the master key with whose recovery key the host sealed them. */
  public static int numberOf(HostKeysSealed sealed) {
    return sealed.getNumber() == 0 ? 1 : sealed.getNumber();
  }

  /** Every host that was erased. */
  public Set<HostId> erased() {
    return Set.copyOf(list(Families.HOSTS_ERASED, ALL, (key, row) -> HostId.of(key)));
  }

  /**
   * SHA-256 of the newest fleet root that {@code host} was seen to have, if there was a new one.
   */
  public Optional<Bytes32> root(HostId host) {
    return reads.get(Families.HOST_ROOTS, host.toByteArray()).map(Bytes32::of);
  }

  /** Of each host that was moved to another repository, or ordered to go, how that stands. */
  public Map<HostId, MovedHost> moves() {
    Map<HostId, MovedHost> moves = new HashMap<>();
    list(Families.HOST_MOVES, ALL, (key, row) -> HostId.of(key))
        .forEach(host -> move(host).ifPresent(found -> moves.put(host, found)));
    list(Families.HOSTS_MOVED, ALL, (key, row) -> HostId.of(key))
        .forEach(host -> move(host).ifPresent(found -> moves.put(host, found)));
    return moves;
  }

  /** The same of one host. */
  public Optional<MovedHost> move(HostId host) {
    byte[] key = host.toByteArray();
    return MovedHost.of(reads.get(Families.HOST_MOVES, key), reads.get(Families.HOSTS_MOVED, key));
  }

  /**
   * Whether {@code host} was moved to another repository and may go on reading what it stored here:
   * it was not revoked since, nor erased.
   */
  public boolean isMovedAway(HostId host) {
    byte[] key = host.toByteArray();
    return reads
            .get(Families.HOSTS_MOVED, key)
            .flatMap(
                moved -> reads.get(Families.REVOCATIONS, key).filter(HostMoveChanges.isBy(moved)))
            .isPresent()
        && !isErased(host);
  }

  /** The token whose secret has that SHA-256. */
  public Optional<EnrolmentToken> token(Bytes32 token) {
    byte[] key = token.toByteArray();
    return reads.get(Families.TOKENS, key).map(row -> token(key, row));
  }

  /** Every token ever created, used and expired ones included. */
  public List<EnrolmentToken> tokens() {
    return list(Families.TOKENS, ALL, this::token);
  }

  /** Every certificate ever issued to {@code host}, in the order of serials. */
  public List<CertificateIssued> certificates(HostId host) {
    return list(
        Families.CERTIFICATES,
        host.toByteArray(),
        (key, row) -> Recorded.of(row).change().getCertificateIssued());
  }

  public Optional<OpenSession> session(SessionId id) {
    byte[] key = id.toByteArray();
    return reads.get(Families.SESSIONS, key).map(row -> session(key, row));
  }

  /** Every open session, in the order of ids. */
  public List<OpenSession> sessions() {
    return list(Families.SESSIONS, ALL, FleetQueries::session);
  }

  /** Grants for {@code reader} to read {@code snapshot}, expired ones included. */
  public List<IssuedGrant> grants(HostId reader, SnapshotId snapshot) {
    return list(Families.GRANTS, Keys.grants(reader, snapshot), FleetQueries::grant);
  }

  private EnrolledHost host(byte[] key, byte[] row) {
    Recorded recorded = Recorded.of(row);
    Optional<byte[]> revoked = reads.get(Families.REVOCATIONS, key);
    return new EnrolledHost(
        HostId.of(key),
        recorded.seq(),
        recorded.timeMillis(),
        recorded.change().getHostEnrolled(),
        recorded.mutation(),
        revoked.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(ByteBuffer.wrap(revoked.get()).getLong()));
  }

  private EnrolmentToken token(byte[] key, byte[] row) {
    Recorded recorded = Recorded.of(row);
    return new EnrolmentToken(
        Bytes32.of(key),
        recorded.seq(),
        recorded.change().getTokenCreated().getExpiresMillis(),
        recorded.mutation(),
        reads.get(Families.TOKEN_USES, key).map(HostId::of),
        FleetChanges.isOfRetiredRoot(recorded.seq(), reads));
  }

  private static OpenSession session(byte[] key, byte[] row) {
    Recorded recorded = Recorded.of(row);
    return new OpenSession(
        SessionId.of(key),
        recorded.seq(),
        recorded.timeMillis(),
        recorded.change().getSessionOpened());
  }

  private static IssuedGrant grant(byte[] key, byte[] row) {
    Recorded recorded = Recorded.of(row);
    return new IssuedGrant(recorded.seq(), recorded.change().getGrantIssued(), recorded.mutation());
  }

  private <T> List<T> list(Family family, byte[] prefix, BiFunction<byte[], byte[], T> read) {
    List<T> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(family)) {
      for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
        found.add(read.apply(cursor.key(), cursor.value()));
      }
    }
    return found;
  }
}
