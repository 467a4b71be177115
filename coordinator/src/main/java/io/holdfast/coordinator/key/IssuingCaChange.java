package io.holdfast.coordinator.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.coordinator.fleet.FleetPorts;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a new issuing CA: its key is made here and stays here, the fleet root's stays with
 * whoever keeps that, and in between goes a request one way and a certificate the other. Any
 * thread.
 *
 * <ol>
 *   <li>I1: the new CA issues nothing before the key ring that holds it is in use.
 *   <li>I2: what the one before issued stays good until it expires: chains are judged by the root.
 * </ol>
 */
public final class IssuingCaChange {
  private static final Logger LOG = LoggerFactory.getLogger(IssuingCaChange.class);

  private final FleetPorts ports;
  private final KeyRings rings;
  private final Consumer<IssuingAuthority> taken;
  private volatile IssuingAuthority present;

  /** Of the newest request; null if there is none. */
  private SigningKey asked;

  private Optional<RootLine> believed = Optional.empty();

  /**
   * Begins with the CA that issues now.
   *
   * @param taken takes up the next one, once the ring holds it
   */
  public IssuingCaChange(
      FleetPorts ports,
      KeyRings rings,
      IssuingAuthority present,
      Consumer<IssuingAuthority> taken) {
    this.ports = ports;
    this.rings = rings;
    this.present = present;
    this.taken = taken;
  }

  /** Takes up a CA; what it throws leaves the one before. */
  @FunctionalInterface
  interface TakingUp {
    void take(IssuingAuthority next) throws InterruptedException;
  }

  /** The CA that issues now. */
  public IssuingAuthority present() {
    return present;
  }

  /** Chains are issued for whoever believes one of these roots. */
  synchronized void show(RootLine roots) {
    believed = Optional.of(roots);
    present = present.showing(roots);
  }

  /** Makes a key and answers with a PKCS#10 request for it; an earlier request is void. */
  public synchronized byte[] request() {
    asked = SigningKey.generate(ports.randomness());
    return CertificateRequest.make(asked, ports.randomness());
  }

  /**
   * Takes up the CA whose request was signed: {@code chain} is its certificate and the root's.
   * CONFIRMATION_REQUIRED if none was asked for, CERTIFICATE_INVALID if it isn't signed by this
   * fleet's root for the newest request, errors of {@link KeyRings#rotateIds}.
   */
  public synchronized IssuingAuthority install(List<X509Certificate> chain, String actor)
      throws InterruptedException {
    requireAsked();
    IssuingAuthority next =
        IssuingAuthority.certified(asked, chain, present.root(), ports.time(), ports.randomness());
    rings.replaceIssuingCa(next.key().toIssuingCaKey(), actor); // I1
    takeUp(next);
    return next;
  }

  /**
   * Takes up the CA whose request {@code root}, a new one, signed with {@code ca}, once {@code
   * installing} has put both into the ring. Errors as {@link #install}.
   */
  synchronized IssuingAuthority under(X509Certificate root, X509Certificate ca, TakingUp installing)
      throws InterruptedException {
    requireAsked();
    IssuingAuthority next =
        IssuingAuthority.certified(
            asked, List.of(ca, root), root, ports.time(), ports.randomness());
    installing.take(next);
    takeUp(next);
    return next;
  }

  private void takeUp(IssuingAuthority next) {
    asked = null;
    present = believed.map(next::showing).orElse(next);
    LOG.info("the issuing CA was replaced; it is good until {}", next.key().leaf().getNotAfter());
    taken.accept(next);
  }

  private void requireAsked() {
    if (asked == null) {
      throw new HoldfastException(
          ErrorCode.CONFIRMATION_REQUIRED,
          "no issuing CA was asked for since this coordinator started; begin again with: holdfast"
              + " key rotate issuing-ca");
    }
  }
}
