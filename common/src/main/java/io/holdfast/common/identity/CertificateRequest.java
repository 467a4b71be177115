package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A PKCS#10 request (RFC 2986), reduced to what is believed of it: that its sender holds the
 * private half of this key. Names and extensions in it are never read.
 */
public final class CertificateRequest {
  private static final int BYTES_MAX = 16 * 1024;

  private final PublicKey key;

  private CertificateRequest(PublicKey key) {
    this.key = key;
  }

  /** The request for {@code key}, DER, signed with it, naming nothing. */
  public static byte[] make(SigningKey key, Randomness randomness) {
    try {
      return new JcaPKCS10CertificationRequestBuilder(
              new X500Name("CN=Holdfast"), key.keyPair().getPublic())
          .build(
              new JcaContentSignerBuilder("SHA256withECDSA")
                  .setSecureRandom(randomness.toSecureRandom())
                  .build(key.keyPair().getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("cannot make a certificate request", e);
    }
  }

  /**
   * Checks the proof of possession. CERTIFICATE_INVALID if the bytes aren't a request, the key
   * isn't on P-256, or the signature isn't the key's.
   */
  public static CertificateRequest verify(byte[] der) {
    if (der.length > BYTES_MAX) {
      throw refuse("it is larger than 16 KiB", null);
    }
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = P256.requireOurs(request.getPublicKey());
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw refuse("its sender did not sign it with the key it asks for", null);
      }
      return new CertificateRequest(key);
    } catch (HoldfastException e) {
      throw e.code() == ErrorCode.CERTIFICATE_INVALID ? e : refuse("its key is not on P-256", e);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw refuse("it does not parse", e);
    } catch (PKCSException | RuntimeException e) {
      // The parser throws whatever its innards do: these are a stranger's bytes.
      throw refuse("its parts do not fit together", e);
    }
  }

  private static HoldfastException refuse(String cause, Throwable e) {
    return new HoldfastException(
        ErrorCode.CERTIFICATE_INVALID,
        "a certificate request was refused: " + cause + "; make a new key and ask again",
        e);
  }

  PublicKey key() {
    return key;
  }

  public KeyId keyId() {
    return KeyId.of(key);
  }
}
