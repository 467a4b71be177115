package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Randomness;

/**
 * The 32-byte key under which a repository's key ring and host recovery keys rest. It is itself
 * stored only wrapped: under the recovery passphrase and, where a service must start by itself,
 * under a key file. {@code n} numbers master keys; a rotation makes the next one.
 */
public final class MasterKey implements AutoCloseable {
  private static final int BYTES = 32;

  private final Secret key;

  private MasterKey(Secret key) {
    this.key = key;
  }

  public static MasterKey generate(Randomness randomness) {
    return new MasterKey(Secret.random(randomness, BYTES));
  }

  /**
   * One that was made and wrapped elsewhere: takes over what {@link #toByteArray} gave. MALFORMED
   * for another length.
   */
  public static MasterKey of(RepositoryId repository, int n, Secret key) {
    return of(KeyObject.masterUnderPassphrase(repository, n), key);
  }

  /** In clear, for the coordinator that is to use it; whoever asks wipes it. */
  public byte[] toByteArray() {
    return key.toByteArray();
  }

  /** Bytes of {@link KeyObject#masterUnderPassphrase}; errors of {@link Wrap#seal}. */
  public byte[] wrap(
      RepositoryId repository,
      int n,
      Passphrase passphrase,
      Argon2Cost cost,
      Randomness randomness) {
    KeyObject object = KeyObject.masterUnderPassphrase(repository, n);
    return Wrap.seal(object, key, passphrase, cost, randomness);
  }

  /** Bytes of {@link KeyObject#masterUnderService}. */
  public byte[] wrap(RepositoryId repository, int n, ServiceKey service, Randomness randomness) {
    return Wrap.seal(KeyObject.masterUnderService(repository, n), key, service, randomness);
  }

  /** Opens what {@link #wrap(RepositoryId, int, Passphrase, Argon2Cost, Randomness)} made. */
  public static MasterKey unwrap(
      RepositoryId repository, int n, byte[] wrap, Passphrase passphrase) {
    KeyObject object = KeyObject.masterUnderPassphrase(repository, n);
    return of(object, Wrap.open(object, wrap, passphrase));
  }

  /** Opens what {@link #wrap(RepositoryId, int, ServiceKey, Randomness)} made. */
  public static MasterKey unwrap(RepositoryId repository, int n, byte[] wrap, ServiceKey service) {
    KeyObject object = KeyObject.masterUnderService(repository, n);
    return of(object, Wrap.open(object, wrap, service));
  }

  private static MasterKey of(KeyObject object, Secret key) {
    if (key.length() != BYTES) {
      key.close();
      throw new HoldfastException(
          ErrorCode.MALFORMED, object.name() + " holds no master key but something else");
    }
    return new MasterKey(key);
  }

  byte[] seal(KeyObject object, Secret content, Randomness randomness) {
    return Wrap.sealUnderMaster(object, content, key, randomness);
  }

  Secret open(KeyObject object, byte[] wrap) {
    return Wrap.openUnderMaster(object, wrap, key);
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "MasterKey[hidden]";
  }
}
