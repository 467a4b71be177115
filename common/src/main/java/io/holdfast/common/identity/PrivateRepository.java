package io.holdfast.common.identity;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.seam.Randomness;
import java.security.cert.X509Certificate;

/** The signatures by which the keys of a private repository are known (FORMAT.md, section 7). */
public final class PrivateRepository {
  private PrivateRepository() {}

  /** The fleet root says that {@code publicKey} is the recovery key of {@code repository}. */
  public static CertifiedRecoveryKey certify(
      RepositoryId repository, Bytes32 publicKey, CertifiedKey root, Randomness randomness) {
    Signature signature =
        SigningKey.of(root, randomness)
            .sign(
                SigningDomain.REPOSITORY_RECOVERY,
                repository.toByteArray(),
                publicKey.toByteArray());
    return new CertifiedRecoveryKey(publicKey, ByteString.copyFrom(signature.toByteArray()));
  }

  /**
   * {@code next}, another fleet root, says so too of what {@code present} certified;
   * SIGNATURE_INVALID if that didn't: nobody slips a key of his own in between.
   */
  public static CertifiedRecoveryKey certifyAnew(
      RepositoryId repository,
      CertifiedRecoveryKey key,
      X509Certificate present,
      CertifiedKey next,
      Randomness randomness) {
    check(repository, key, present);
    return certify(repository, key.publicKey(), next, randomness);
  }

  /** SIGNATURE_INVALID unless {@code root} certified {@code key} for {@code repository}. */
  public static void check(
      RepositoryId repository, CertifiedRecoveryKey key, X509Certificate root) {
    VerifyingKey.of(root)
        .check(
            "the recovery key of repository " + repository,
            SigningDomain.REPOSITORY_RECOVERY,
            Signature.of(key.signature().toByteArray()),
            repository.toByteArray(),
            key.publicKey().toByteArray());
  }

  /** A host says that the object with that SHA-256 holds its keys. */
  public static Signature signKeys(
      RepositoryId repository, HostId host, Bytes32 objectSha256, SigningKey key) {
    return key.sign(
        SigningDomain.HOST_KEYS,
        repository.toByteArray(),
        host.toByteArray(),
        objectSha256.toByteArray());
  }

  /** SIGNATURE_INVALID unless the host whose key it is said so. */
  public static void checkKeys(
      RepositoryId repository,
      HostId host,
      Bytes32 objectSha256,
      Signature signature,
      VerifyingKey key) {
    key.check(
        "the sealed keys of host " + host,
        SigningDomain.HOST_KEYS,
        signature,
        repository.toByteArray(),
        host.toByteArray(),
        objectSha256.toByteArray());
  }
}
