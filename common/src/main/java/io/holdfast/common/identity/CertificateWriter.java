package io.holdfast.common.identity;

import io.holdfast.common.id.FleetId;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Writes X.509 certificates (RFC 5280) in the few shapes the fleet has. Any thread. */
final class CertificateWriter {
  /** Purpose of a key that signs journal records: an arc of its own, made from a random UUID. */
  static final String JOURNAL_PURPOSE = "2.25.211862190487391478325730614822703984131";

  /** Hosts whose clock is a little behind still take a new certificate. */
  static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final int SERIAL_BYTES = 16;

  private final Time time;
  private final Randomness randomness;

  CertificateWriter(Time time, Randomness randomness) {
    this.time = time;
    this.randomness = randomness;
  }

  /** Who signs: a name, a key and, unless it signs itself, its certificate. */
  record Issuer(X500Principal name, PublicKey publicKey, PrivateKey privateKey) {
    static Issuer of(CertifiedKey key) {
      return new Issuer(
          key.leaf().getSubjectX500Principal(), key.leaf().getPublicKey(), key.privateKey());
    }
  }

  /** Whom a certificate is for. */
  record Subject(X500Principal name, PublicKey key, Instant notAfter) {}

  static X500Principal name(String commonName) {
    try {
      return new X500Principal(
          new X500NameBuilder(BCStyle.INSTANCE)
              .addRDN(BCStyle.CN, commonName)
              .build()
              .getEncoded());
    } catch (IOException e) {
      throw new IllegalArgumentException("no name: " + commonName, e);
    }
  }

  Time time() {
    return time;
  }

  Randomness randomness() {
    return randomness;
  }

  /** A CA with at most {@code pathLength} further CAs below it. */
  X509Certificate authority(FleetId fleet, Issuer issuer, Subject subject, int pathLength) {
    return authority(IdentityUri.ofAuthority(fleet), issuer, subject, pathLength);
  }

  /** By this {@code issuer}, a root, introduces the root that {@code subject} is of. */
  X509Certificate link(FleetId fleet, Issuer issuer, Subject subject, Fingerprint root) {
    return authority(IdentityUri.ofRoot(fleet, root), issuer, subject, 1);
  }

  private X509Certificate authority(String name, Issuer issuer, Subject subject, int pathLength) {
    return write(
        issuer,
        subject,
        List.of(
            of(Extension.basicConstraints, true, new BasicConstraints(pathLength)),
            of(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)),
            names(uri(name))));
  }

  /** A leaf for {@code principal} with the purposes its role has, and host names for servers. */
  X509Certificate leaf(
      FleetId fleet, Issuer issuer, Subject subject, Principal principal, List<String> hostNames) {
    GeneralName[] all =
        Stream.concat(
                Stream.of(uri(IdentityUri.of(fleet, principal))),
                hostNames.stream().map(CertificateWriter::hostName))
            .toArray(GeneralName[]::new);
    return write(
        issuer,
        subject,
        List.of(
            of(Extension.basicConstraints, true, new BasicConstraints(false)),
            of(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
            of(Extension.extendedKeyUsage, false, purposes(principal)),
            names(all)));
  }

  private static ExtendedKeyUsage purposes(Principal principal) {
    return new ExtendedKeyUsage(
        Purpose.of(principal).stream()
            .map(purpose -> KeyPurposeId.getInstance(new ASN1ObjectIdentifier(purpose.oid())))
            .toArray(KeyPurposeId[]::new));
  }

  private X509Certificate write(Issuer issuer, Subject subject, List<Extension> extensions) {
    Instant now = time.now().truncatedTo(ChronoUnit.SECONDS);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer.name(),
            serial(),
            Date.from(now.minus(BACKDATED)),
            Date.from(subject.notAfter()),
            subject.name(),
            subject.key());
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      for (Extension extension : extensions) {
        builder.addExtension(extension);
      }
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(subject.key()));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          ids.createAuthorityKeyIdentifier(issuer.publicKey()));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .setSecureRandom(randomness.toSecureRandom())
                      .build(issuer.privateKey())));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("cannot write a certificate", e);
    }
  }

  /** 128 random bits, positive and never zero. */
  private BigInteger serial() {
    return new BigInteger(1, randomness.bytes(SERIAL_BYTES)).setBit(0);
  }

  private static Extension of(
      ASN1ObjectIdentifier id, boolean critical, org.bouncycastle.asn1.ASN1Object value) {
    try {
      return Extension.create(id, critical, value);
    } catch (IOException e) {
      throw new IllegalStateException("cannot encode an extension", e);
    }
  }

  private static Extension names(GeneralName... names) {
    return of(Extension.subjectAlternativeName, false, new GeneralNames(names));
  }

  private static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  private static GeneralName hostName(String name) {
    boolean address =
        name.indexOf(':') >= 0
            || Arrays.stream(name.split("\\.", -1)).allMatch(CertificateWriter::isOctet);
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static boolean isOctet(String label) {
    return label.matches("[0-9]{1,3}");
  }
}
