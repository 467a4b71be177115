package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Randomness;
import io.holdfast.proto.stored.v1.KeyRing;
import java.util.List;
import java.util.Optional;

/**
 * The key ring of a repository: what coordinators hold to prove, to grant and to read the journal.
 * That of a private repository holds nothing that opens chunks: the public half of its recovery key
 * in place of generations. Immutable but for {@code close}, which wipes; the {@code with} methods
 * share what they keep with the ring they came from, so close only the last one.
 */
public final class RepositoryKeys implements AutoCloseable {
  private final RepositoryId repository;
  private final Optional<KeyGenerations> generations;
  private final Optional<CertifiedRecoveryKey> recovery;
  private final Secret journalKey;
  private final Optional<IssuingCaKey> issuingCa;
  private final List<StoredRoot> roots;

  private RepositoryKeys(
      RepositoryId repository,
      Optional<KeyGenerations> generations,
      Optional<CertifiedRecoveryKey> recovery,
      Secret journalKey,
      Optional<IssuingCaKey> issuingCa,
      List<StoredRoot> roots) {
    KeyGeneration.checkLength("journal key", journalKey);
    this.repository = repository;
    this.generations = generations;
    this.recovery = recovery;
    this.journalKey = journalKey;
    this.issuingCa = issuingCa;
    this.roots = List.copyOf(roots);
  }

  /** The keys of a new repository: one generation, a journal key, no issuing CA. */
  public static RepositoryKeys generate(RepositoryId repository, Randomness randomness) {
    return new RepositoryKeys(
        repository,
        Optional.of(KeyGenerations.generate(randomness)),
        Optional.empty(),
        Secret.random(randomness, KeyGeneration.KEY_BYTES),
        Optional.empty(),
        List.of());
  }

  /** The keys of a new private repository: a journal key, and to whom hosts seal theirs. */
  public static RepositoryKeys generatePrivate(
      RepositoryId repository, CertifiedRecoveryKey recovery, Randomness randomness) {
    return new RepositoryKeys(
        repository,
        Optional.empty(),
        Optional.of(recovery),
        Secret.random(randomness, KeyGeneration.KEY_BYTES),
        Optional.empty(),
        List.of());
  }

  /** To whom the hosts of a private repository seal their keys; empty in a shared one. */
  public Optional<CertifiedRecoveryKey> recovery() {
    return recovery;
  }

  /** Whether hosts keep their keys to themselves. */
  public boolean isPrivate() {
    return recovery.isPresent();
  }

  /**
   * This ring with a new current generation. Revokes nothing that is already stored.
   * KEY_UNAVAILABLE in a private repository.
   */
  public RepositoryKeys withNextGeneration(Randomness randomness) {
    return new RepositoryKeys(
        repository,
        Optional.of(generations().withNext(randomness)),
        recovery,
        journalKey,
        issuingCa,
        roots);
  }

  /** This ring with {@code key}, which it takes over. */
  public RepositoryKeys withIssuingCa(IssuingCaKey key) {
    return new RepositoryKeys(
        repository, generations, recovery, journalKey, Optional.of(key), roots);
  }

  /**
   * This ring with another recovery key, or another root's word for it; of a private repository.
   */
  public RepositoryKeys withRecovery(CertifiedRecoveryKey key) {
    return new RepositoryKeys(
        repository, generations, Optional.of(key), journalKey, issuingCa, roots);
  }

  /** This ring with the fleet's roots, the first one first, and an issuing CA under the last. */
  public RepositoryKeys withRoots(List<StoredRoot> line, IssuingCaKey key) {
    return new RepositoryKeys(
        repository, generations, recovery, journalKey, Optional.of(key), line);
  }

  public RepositoryId repository() {
    return repository;
  }

  /** KEY_UNAVAILABLE in a private repository, whose hosts have their own. */
  public KeyGenerations generations() {
    return generations.orElseThrow(() ->
        new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            "repository "
                + repository
                + " is private: the keys of chunks are its hosts' own, and not here"));
  }

  /** Seals the sealed part of journal records, 32 bytes; stays owned by this ring. */
  public Secret journalKey() {
    return journalKey;
  }

  public Optional<IssuingCaKey> issuingCa() {
    return issuingCa;
  }

  /** The fleet's roots, the first one first; none if there was never another one than the CA's. */
  public List<StoredRoot> roots() {
    return roots;
  }

  /** As {@link KeyGeneration#idKey}; KEY_UNAVAILABLE for an unknown generation. */
  public Secret idKey(int generation, ChunkKind kind) {
    return generations().get(generation).idKey(kind);
  }

  /** As {@link KeyGeneration#mapKey}; KEY_UNAVAILABLE for an unknown generation. */
  public Secret mapKey(int generation) {
    return generations().get(generation).mapKey();
  }

  /** What a host is given at enrolment; shares the generations with this ring. */
  public KeyGrant grant(Bytes32 recoveryPublicKey) {
    return new KeyGrant(repository, generations(), recoveryPublicKey);
  }

  /** Bytes of {@link KeyObject#ring} number {@code n}. */
  public byte[] seal(MasterKey master, int n, Randomness randomness) {
    KeyRing.Builder ring =
        KeyRing.newBuilder()
            .setVersion(StoredKeys.VERSION)
            .setRepositoryId(ByteString.copyFrom(repository.toByteArray()))
            .setJournalKey(ByteString.copyFrom(journalKey.open()));
    generations.ifPresent(some -> ring.addAllGenerations(some.toProto()));
    recovery.ifPresent(key -> ring.setRepositoryRecovery(key.toProto()));
    issuingCa.ifPresent(key -> ring.setIssuingCa(key.toProto()));
    roots.forEach(root -> ring.addRoots(root.toProto()));
    try (Secret plain = Secret.take(ring.build().toByteArray())) {
      return master.seal(KeyObject.ring(repository, n), plain, randomness);
    }
  }

  /**
   * Opens what {@link #seal} made; errors of {@link Wrap}, and MALFORMED if the ring is another
   * repository's or incomplete.
   */
  public static RepositoryKeys open(
      RepositoryId repository, int n, byte[] sealed, MasterKey master) {
    KeyObject object = KeyObject.ring(repository, n);
    try (Secret plain = master.open(object, sealed)) {
      KeyRing ring = StoredKeys.parse(object.name(), () -> KeyRing.parseFrom(plain.open()));
      StoredKeys.checkVersion(object.name(), ring.getVersion());
      StoredKeys.checkRepository(object.name(), repository, ring.getRepositoryId());
      boolean isPrivate = ring.hasRepositoryRecovery();
      if (isPrivate && ring.getGenerationsCount() > 0) {
        throw StoredKeys.malformed(object.name(), "it is both a shared and a private repository's");
      }
      return new RepositoryKeys(
          repository,
          isPrivate
              ? Optional.empty()
              : Optional.of(KeyGenerations.ofProto(ring.getGenerationsList())),
          isPrivate
              ? Optional.of(
                  CertifiedRecoveryKey.ofProto(object.name(), ring.getRepositoryRecovery()))
              : Optional.empty(),
          Secret.take(ring.getJournalKey().toByteArray()),
          ring.hasIssuingCa()
              ? Optional.of(IssuingCaKey.ofProto(ring.getIssuingCa()))
              : Optional.empty(),
          ring.getRootsList().stream().map(StoredRoot::ofProto).toList());
    }
  }

  @Override
  public void close() {
    generations.ifPresent(KeyGenerations::close);
    journalKey.close();
    issuingCa.ifPresent(IssuingCaKey::close);
  }

  @Override
  public String toString() {
    return "RepositoryKeys["
        + repository
        + ", "
        + generations.map(Object::toString).orElse("private")
        + "]";
  }
}
