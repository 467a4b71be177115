package io.holdfast.common.key;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A stored key's place: repository and object name. Both are bound into the seal, so that a wrap
 * can't be served under another name or in another repository.
 *
 * @param repository the repository it belongs to
 * @param name the object's name in the vault
 */
public record KeyObject(RepositoryId repository, String name) {
  /** Master key number {@code n} under the recovery passphrase. */
  public static KeyObject masterUnderPassphrase(RepositoryId repository, int n) {
    return new KeyObject(repository, "keys/master." + n + ".passphrase");
  }

  /** Master key number {@code n} under the running service's key file. */
  public static KeyObject masterUnderService(RepositoryId repository, int n) {
    return new KeyObject(repository, "keys/master." + n + ".service");
  }

  /** Key ring number {@code n}. */
  public static KeyObject ring(RepositoryId repository, int n) {
    return new KeyObject(repository, "keys/ring." + n);
  }

  /** The first of a private repository's recovery keys. */
  public static KeyObject recoveryUnderPassphrase(RepositoryId repository) {
    return recoveryUnderPassphrase(repository, 1);
  }

  /**
   * The private half of the recovery key of a private repository that goes with master key number
   * {@code n}; under the passphrase, and not under that master key.
   */
  public static KeyObject recoveryUnderPassphrase(RepositoryId repository, int n) {
    return new KeyObject(repository, "keys/recovery" + (n == 1 ? "" : "." + n) + ".passphrase");
  }

  /** What {@code host} sealed to the first recovery key. */
  public static KeyObject sealedHostKeys(RepositoryId repository, HostId host) {
    return sealedHostKeys(repository, 1, host);
  }

  /**
   * All keys that {@code host} of a private repository made, sealed to the recovery key that goes
   * with master key number {@code n}; under no master key.
   */
  public static KeyObject sealedHostKeys(RepositoryId repository, int n, HostId host) {
    return new KeyObject(repository, (n == 1 ? "keys/sealed/" : "keys/sealed." + n + "/") + host);
  }

  /** The recovery private key of {@code host} under the first master key. */
  public static KeyObject hostRecovery(RepositoryId repository, HostId host) {
    return hostRecovery(repository, 1, host);
  }

  /** The recovery private key of {@code host} under master key number {@code n}. */
  public static KeyObject hostRecovery(RepositoryId repository, int n, HostId host) {
    return new KeyObject(repository, (n == 1 ? "keys/host/" : "keys/host." + n + "/") + host);
  }

  byte[] label() {
    return Hkdf.join(List.of(repository.toByteArray(), name.getBytes(StandardCharsets.UTF_8)));
  }
}
