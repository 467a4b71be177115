package io.holdfast.common.key;

import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Randomness;

/**
 * The private half of a private repository's recovery key pair. It rests under the recovery
 * passphrase alone, never under a service's key file nor under the master key, which that file
 * opens: no coordinator can open what hosts seal to it.
 */
public final class RepositoryRecovery {
  private RepositoryRecovery() {}

  /** As the other, of the first recovery key. */
  public static byte[] wrap(
      RepositoryId repository,
      HostKeyPair pair,
      Passphrase passphrase,
      Argon2Cost cost,
      Randomness randomness) {
    return wrap(KeyObject.recoveryUnderPassphrase(repository), pair, passphrase, cost, randomness);
  }

  /** Bytes of {@code object}, {@link KeyObject#recoveryUnderPassphrase}; errors of a wrap. */
  public static byte[] wrap(
      KeyObject object,
      HostKeyPair pair,
      Passphrase passphrase,
      Argon2Cost cost,
      Randomness randomness) {
    return Wrap.seal(object, pair.privateKey(), passphrase, cost, randomness);
  }

  /** As the other, of the first recovery key. */
  public static HostKeyPair unwrap(RepositoryId repository, byte[] wrap, Passphrase passphrase) {
    return unwrap(KeyObject.recoveryUnderPassphrase(repository), wrap, passphrase);
  }

  /** Opens what {@link #wrap} made; PASSPHRASE_WRONG and the other errors of {@link Wrap}. */
  public static HostKeyPair unwrap(KeyObject object, byte[] wrap, Passphrase passphrase) {
    return HostKeyPair.of(Wrap.open(object, wrap, passphrase));
  }
}
