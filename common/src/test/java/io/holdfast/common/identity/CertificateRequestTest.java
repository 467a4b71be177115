package io.holdfast.common.identity;

import static io.holdfast.common.identity.Fleet.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.common.error.ErrorCode;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

/** Requests: possession is checked, everything else in them is ignored. */
class CertificateRequestTest {
  private final Fleet fleet = new Fleet(3);

  @Test
  void shouldIgnoreEveryNameAndExtensionInARequest() throws Exception {
    SigningKey key = SigningKey.generate(fleet.randomness);
    CertificateRequest request = CertificateRequest.verify(greedy(key));
    CertifiedKey host =
        CertifiedKey.of(
            key,
            fleet.issuing.host(request, Fleet.HOST, IssuingAuthority.HOST_LIFE),
            fleet.randomness);
    assertEquals("CN=Holdfast host 01234567", host.leaf().getSubjectX500Principal().getName());
    assertEquals(1, host.leaf().getSubjectAlternativeNames().size());
    assertEquals(-1, host.leaf().getBasicConstraints());
    Identity identity = fleet.trust.verify(host.chain(), Purpose.TLS_CLIENT, fleet.time.now());
    assertEquals(Fleet.HOST.toString(), identity.principal().id());
  }

  /** Asks to be a CA and somebody else. */
  private byte[] greedy(SigningKey key) throws Exception {
    ExtensionsGenerator wanted = new ExtensionsGenerator();
    wanted.addExtension(Extension.basicConstraints, true, new BasicConstraints(5));
    String uri = "holdfast://" + fleet.authority.fleet() + "/operator/root";
    wanted.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    return new JcaPKCS10CertificationRequestBuilder(
            new X500Name("CN=somebody else"), key.keyPair().getPublic())
        .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wanted.generate())
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.keyPair().getPrivate()))
        .getEncoded();
  }

  @Test
  void shouldRefuseARequestForAKeyItsSenderDoesNotHold() throws Exception {
    SigningKey own = SigningKey.generate(fleet.randomness);
    SigningKey anothers = SigningKey.generate(fleet.randomness);
    byte[] stolen =
        request(
            new KeyPair(anothers.keyPair().getPublic(), own.keyPair().getPrivate()),
            "SHA256withECDSA");
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> CertificateRequest.verify(stolen));
  }

  @Test
  void shouldRefuseKeysThatAreNotOnP256() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
    p384.initialize(new ECGenParameterSpec("secp384r1"));
    List<byte[]> requests =
        List.of(
            request(rsa.generateKeyPair(), "SHA256withRSA"),
            request(p384.generateKeyPair(), "SHA384withECDSA"));
    for (byte[] request : requests) {
      assertCode(ErrorCode.CERTIFICATE_INVALID, () -> CertificateRequest.verify(request));
    }
  }

  private static byte[] request(KeyPair pair, String algorithm) throws Exception {
    PrivateKey privateKey = pair.getPrivate();
    return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
        .build(new JcaContentSignerBuilder(algorithm).build(privateKey))
        .getEncoded();
  }

  @Test
  void shouldRefuseEveryDamagedRequest() {
    byte[] good = CertificateRequest.make(SigningKey.generate(fleet.randomness), fleet.randomness);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertCode(ErrorCode.CERTIFICATE_INVALID, () -> CertificateRequest.verify(bad));
      byte[] cut = java.util.Arrays.copyOf(good, at);
      assertCode(ErrorCode.CERTIFICATE_INVALID, () -> CertificateRequest.verify(cut));
    }
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> CertificateRequest.verify(new byte[1 << 20]));
  }

  @Test
  void shouldNameTheHostNowhereInARequest() {
    SigningKey key = SigningKey.generate(fleet.randomness);
    CertificateRequest request =
        CertificateRequest.verify(CertificateRequest.make(key, fleet.randomness));
    assertEquals(key.id(), request.keyId());
    assertFalse(key.toString().contains("PRIVATE"));
  }
}
