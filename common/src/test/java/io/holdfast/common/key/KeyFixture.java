package io.holdfast.common.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.SeededRandomness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/**
 * Names, costs and keys that the tests of this package share; the golden files follow from them.
 */
final class KeyFixture {
  static final RepositoryId REPOSITORY = RepositoryId.parse("00112233445566778899aabbccddeeff");
  static final RepositoryId OTHER = RepositoryId.parse("ff112233445566778899aabbccddee00");
  static final HostId HOST = HostId.parse("0123456789abcdef0123456789abcdef");
  static final Bytes32 FINGERPRINT = Bytes32.of(filled(32, 0x5A));

  /** Cheap, for tests that open often. */
  static final Argon2Cost CHEAP = new Argon2Cost(64, 1, 1);

  private KeyFixture() {}

  static Passphrase passphrase() {
    return Passphrase.of("correct horse battery staple".toCharArray());
  }

  static Passphrase otherPassphrase() {
    return Passphrase.of("correct horse battery stable".toCharArray());
  }

  static MasterKey master() {
    return MasterKey.generate(new SeededRandomness(1));
  }

  static ServiceKey service() {
    return ServiceKey.generate(new SeededRandomness(2));
  }

  static RepositoryKeys ring() {
    return RepositoryKeys.generate(REPOSITORY, new SeededRandomness(3))
        .withNextGeneration(new SeededRandomness(4))
        .withIssuingCa(
            IssuingCaKey.of(
                Secret.copyOf("a private key".getBytes(StandardCharsets.UTF_8)),
                List.of(filled(3, 1), filled(4, 2))));
  }

  static byte[] filled(int length, int value) {
    byte[] out = new byte[length];
    java.util.Arrays.fill(out, (byte) value);
    return out;
  }

  static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }
}
