package io.holdfast.coordinator.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EcdsaP256Test {
  private static final byte[] MESSAGE = {1, 2, 3};

  private static KeyPair keyPair(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private static ByteString encoded(KeyPair pair) {
    return ByteString.copyFrom(pair.getPublic().getEncoded());
  }

  @Test
  void shouldVerifyWhatItSigned() throws Exception {
    KeyPair pair = keyPair("secp256r1");
    byte[] signature = EcdsaP256.sign(pair.getPrivate(), MESSAGE);

    assertEquals(EcdsaP256.SIGNATURE_BYTES, signature.length);
    assertTrue(EcdsaP256.verify(encoded(pair), MESSAGE, signature));
    assertFalse(EcdsaP256.verify(encoded(pair), new byte[] {1, 2}, signature));
    assertFalse(EcdsaP256.verify(encoded(keyPair("secp256r1")), MESSAGE, signature));
  }

  @Test
  void shouldRefuseOtherShapesWithoutThrowing() throws Exception {
    KeyPair pair = keyPair("secp256r1");
    byte[] signature = EcdsaP256.sign(pair.getPrivate(), MESSAGE);

    assertFalse(EcdsaP256.verify(encoded(pair), MESSAGE, Arrays.copyOf(signature, 63)));
    assertFalse(EcdsaP256.verify(encoded(pair), MESSAGE, new byte[64]));
    assertFalse(EcdsaP256.verify(ByteString.copyFromUtf8("no key"), MESSAGE, signature));
    assertFalse(EcdsaP256.verify(encoded(keyPair("secp384r1")), MESSAGE, signature));
  }
}
