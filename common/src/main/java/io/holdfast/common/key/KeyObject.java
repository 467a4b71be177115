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

  /** The private half of a private repository's recovery key, of which there is one for ever. */
  public static KeyObject recoveryUnderPassphrase(RepositoryId repository) {
    return new KeyObject(repository, "keys/recovery.passphrase");
  }

  /** All keys that {@code host} of a private repository made, under no master key. */
  public static KeyObject sealedHostKeys(RepositoryId repository, HostId host) {
    return new KeyObject(repository, "keys/sealed/" + host);
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
