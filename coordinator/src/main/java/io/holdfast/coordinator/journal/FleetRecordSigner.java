package io.holdfast.coordinator.journal;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.Principal;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.seam.Randomness;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

/**
 * Signs with the key that the site's issuing CA certified for one coordinator's journal records.
 */
public final class FleetRecordSigner implements RecordSigner {
  private static final int WITHOUT_ROOT = 2;

  private final CoordinatorId id;
  private final SigningKey key;
  private final List<byte[]> certificates;

  private FleetRecordSigner(CoordinatorId id, SigningKey key, List<byte[]> certificates) {
    this.id = id;
    this.key = key;
    this.certificates = certificates;
  }

  /** As the other, for a fleet that never had another root. */
  public static FleetRecordSigner of(CertifiedKey certified, Randomness randomness) {
    return of(certified, RootLine.founded(certified.chain().getLast()), randomness);
  }

  /**
   * The signer that {@code certified} makes of a coordinator.
   *
   * @param line the fleet's roots: a journal that knows only the last but one finds the newest by
   *     it
   * @throws HoldfastException CERTIFICATE_INVALID if {@code certified} isn't a coordinator's key
   *     for the journal
   */
  public static FleetRecordSigner of(CertifiedKey certified, RootLine line, Randomness randomness) {
    Identity identity = Identity.read(certified.leaf());
    if (!(identity.principal() instanceof Principal.JournalWriter(CoordinatorId id))) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          "the key of " + identity + " can't sign a journal: give the coordinator's journal key");
    }
    List<X509Certificate> behind = line.behind(certified.chain().getLast());
    return new FleetRecordSigner(
        id,
        SigningKey.of(certified, randomness),
        Certificates.encodeChain(
            Stream.concat(
                    certified.chain().stream().limit(WITHOUT_ROOT),
                    behind.stream().filter(certificate -> behind.size() > 1))
                .toList()));
  }

  @Override
  public CoordinatorId id() {
    return id;
  }

  @Override
  public List<byte[]> certificates() {
    return certificates.stream().map(byte[]::clone).toList();
  }

  @Override
  public byte[] sign(byte[] unsigned) {
    return key.sign(SigningDomain.JOURNAL_RECORD, unsigned).toByteArray();
  }
}
