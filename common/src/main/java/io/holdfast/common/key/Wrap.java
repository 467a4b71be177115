package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Seals small secrets for rest: AES-256-GCM under a key from a passphrase (Argon2id, RFC 9106), a
 * key file or the master key. The layout is {@link WrapHeader}'s. The tag covers the header and the
 * {@link KeyObject}. What is sealed is opened again before it is returned. Any thread.
 */
public final class Wrap {
  private static final String LABEL = "holdfast v1 wrap";
  private static final int TAG_BITS = 128;

  /** How a wrap is opened; the numbers are stored and never reused. */
  public enum Method {
    PASSPHRASE(1, "a recovery passphrase"),
    SERVICE_KEY(2, "a service key file"),
    MASTER_KEY(3, "a master key");

    private final int number;
    private final String words;

    Method(int number, String words) {
      this.number = number;
      this.words = words;
    }

    public int number() {
      return number;
    }

    String words() {
      return words;
    }
  }

  private Wrap() {}

  /** How {@code wrap} is opened; checks its form as every open does, without a key. */
  public static Method methodOf(KeyObject object, byte[] wrap) {
    return WrapHeader.parse(object, wrap).method();
  }

  /**
   * Seals under {@code passphrase} at {@code cost}. INVALID_ARGUMENT if the passphrase is shorter
   * than {@link Passphrase#NEW_BYTES_MIN}.
   */
  public static byte[] seal(
      KeyObject object,
      Secret content,
      Passphrase passphrase,
      Argon2Cost cost,
      Randomness randomness) {
    if (passphrase.bytes().length() < Passphrase.NEW_BYTES_MIN) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "the recovery passphrase is shorter than "
              + Passphrase.NEW_BYTES_MIN
              + " bytes: everything in the vault hangs on it, choose several random words");
    }
    byte[] salt = randomness.bytes(WrapHeader.SALT_BYTES);
    byte[] nonce = randomness.bytes(WrapHeader.NONCE_BYTES);
    WrapHeader header = WrapHeader.ofPassphrase(cost, salt, nonce, content.length());
    try (Secret key = argon2id(passphrase, cost, salt)) {
      return seal(object, header, key, content);
    }
  }

  /** Seals under the service's key file. */
  public static byte[] seal(
      KeyObject object, Secret content, ServiceKey key, Randomness randomness) {
    return sealUnderKey(Method.SERVICE_KEY, object, key.key(), content, randomness);
  }

  /** Seals under the master key. */
  static byte[] sealUnderMaster(
      KeyObject object, Secret content, Secret master, Randomness randomness) {
    return sealUnderKey(Method.MASTER_KEY, object, master, content, randomness);
  }

  /**
   * Opens a wrap made with a passphrase. PASSPHRASE_WRONG if it is another one; MALFORMED,
   * UNKNOWN_VERSION or LIMIT_EXCEEDED if {@code wrap} isn't what it should be.
   */
  public static Secret open(KeyObject object, byte[] wrap, Passphrase passphrase) {
    WrapHeader header = expect(Method.PASSPHRASE, object, wrap);
    try (Secret key = argon2id(passphrase, header.cost(), header.salt())) {
      return open(object, header, wrap, key, Wrap::wrongPassphrase);
    }
  }

  /** Opens a wrap made with a key file. KEY_UNAVAILABLE if it was another file. */
  public static Secret open(KeyObject object, byte[] wrap, ServiceKey key) {
    return openUnderKey(Method.SERVICE_KEY, object, wrap, key.key());
  }

  static Secret openUnderMaster(KeyObject object, byte[] wrap, Secret master) {
    return openUnderKey(Method.MASTER_KEY, object, wrap, master);
  }

  /**
   * Returns if {@code wrap} is whole and opened by what its name says. Needs no key; MALFORMED,
   * UNKNOWN_VERSION or KEY_UNAVAILABLE otherwise.
   */
  public static void requireSound(KeyObject object, byte[] wrap) {
    var _ = expect(methodOf(object), object, wrap);
  }

  private static Method methodOf(KeyObject object) {
    if (object.name().endsWith(".passphrase")) {
      return Method.PASSPHRASE;
    }
    return object.name().endsWith(".service") ? Method.SERVICE_KEY : Method.MASTER_KEY;
  }

  private static byte[] sealUnderKey(
      Method method, KeyObject object, Secret key, Secret content, Randomness randomness) {
    byte[] nonce = randomness.bytes(WrapHeader.NONCE_BYTES);
    WrapHeader header = WrapHeader.ofKey(method, keyId(key), nonce, content.length());
    try (Secret sealing = Hkdf.expand(key, LABEL, 32)) {
      return seal(object, header, sealing, content);
    }
  }

  private static Secret openUnderKey(Method method, KeyObject object, byte[] wrap, Secret key) {
    WrapHeader header = expect(method, object, wrap);
    if (!Arrays.equals(header.keyId(), keyId(key))) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          object.name()
              + " is sealed under "
              + method.words()
              + " with id "
              + HexFormat.of().formatHex(header.keyId())
              + ", not the one given, which has id "
              + HexFormat.of().formatHex(keyId(key)));
    }
    try (Secret sealing = Hkdf.expand(key, LABEL, 32)) {
      return open(object, header, wrap, sealing, Wrap::swappedOrForged);
    }
  }

  private static WrapHeader expect(Method method, KeyObject object, byte[] wrap) {
    WrapHeader header = WrapHeader.parse(object, wrap);
    if (header.method() != method) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          object.name()
              + " is opened with "
              + header.method().words()
              + ", not with "
              + method.words());
    }
    return header;
  }

  private static byte[] seal(KeyObject object, WrapHeader header, Secret key, Secret content) {
    byte[] sealed;
    try {
      sealed = cipher(Cipher.ENCRYPT_MODE, object, header, key).doFinal(content.open());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to seal " + object.name(), e);
    }
    byte[] wrap = header.frame(sealed);
    try (Secret back =
        open(object, WrapHeader.parse(object, wrap), wrap, key, Wrap::swappedOrForged)) {
      if (!back.sameAs(content)) {
        throw new IllegalStateException("a fresh wrap did not open to what was sealed");
      }
    }
    return wrap;
  }

  private static Secret open(
      KeyObject object,
      WrapHeader header,
      byte[] wrap,
      Secret key,
      Function<KeyObject, HoldfastException> failure) {
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, object, header, key);
      return Secret.take(cipher.doFinal(wrap, WrapHeader.BYTES, header.sealedBytes()));
    } catch (AEADBadTagException e) {
      throw failure.apply(object);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to open " + object.name(), e);
    }
  }

  private static Cipher cipher(int mode, KeyObject object, WrapHeader header, Secret key)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.toKey("AES"), new GCMParameterSpec(TAG_BITS, header.nonce()));
    cipher.updateAAD(Hkdf.join(List.of(Hkdf.ascii(LABEL + "\0"), header.encode(), object.label())));
    return cipher;
  }

  private static Secret argon2id(Passphrase passphrase, Argon2Cost cost, byte[] salt) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKib())
            .withIterations(cost.iterations())
            .withParallelism(cost.parallelism())
            .withSalt(salt)
            .build());
    byte[] key = new byte[32];
    generator.generateBytes(passphrase.bytes().open(), key);
    return Secret.take(key);
  }

  private static byte[] keyId(Secret key) {
    try (Secret id = Hkdf.expand(key, "holdfast v1 key id", WrapHeader.KEY_ID_BYTES)) {
      return id.toByteArray();
    }
  }

  private static HoldfastException wrongPassphrase(KeyObject object) {
    return new HoldfastException(
        ErrorCode.PASSPHRASE_WRONG,
        "the passphrase does not open "
            + object.name()
            + " of repository "
            + object.repository()
            + ": it is another one, or the object was copied here from another repository");
  }

  private static HoldfastException swappedOrForged(KeyObject object) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        object.name()
            + " of repository "
            + object.repository()
            + " has the right key id but does"
            + " not open: it was changed, or copied here from another name or repository; take it"
            + " from another copy of the vault");
  }
}
