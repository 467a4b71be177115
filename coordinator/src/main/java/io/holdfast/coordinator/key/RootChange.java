package io.holdfast.coordinator.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.wire.v1.FleetRoot;
import io.holdfast.proto.wire.v1.Hello;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one fleet root takes the place of another: it is introduced by the one before, both are
 * believed while hosts change over, and then the old one is retired. The roots' own keys never come
 * here. Any thread.
 *
 * <ol>
 *   <li>I1: a new root comes into the key ring and the journal together with an issuing CA under
 *       it, and is shown to nobody before the record stands.
 *   <li>I2: two are believed at most.
 *   <li>I3: a root is retired when each host in service, and each that moved away and reads here,
 *       keeps the newest one and has shown a certificate under it, or an operator left the others
 *       behind by name.
 *   <li>I4: in a private repository the root that certifies hosts vouches for the recovery key to
 *       which they seal theirs: both change in one version of the ring.
 * </ol>
 *
 * <pre>
 * roots believed   from -> to       because
 *  A               A    -> A, B     A introduced B, by record; B certifies from then on
 *  A, B            A, B -> B        every host has B, or the others are given up; by record
 * </pre>
 */
public final class RootChange {
  private static final Logger LOG = LoggerFactory.getLogger(RootChange.class);
  private static final int NAMED_MAX = 20;

  /** Who does something when other roots are believed. Called by one thread at a time. */
  public interface Listener {
    /**
     * These are the roots from now on.
     *
     * @param all that there ever were
     */
    void believed(RootLine all, RootLine believed);

    /** All has been taken up: hosts may be told. */
    void changed();

    /** The host's certificate counts no more: its calls end. */
    void leftBehind(HostId host, HoldfastException why);
  }

  private final FleetPorts ports;
  private final KeyRings rings;
  private final IssuingCaChange issuingCa;
  private final HostDirectory hosts;
  private final Listener listener;
  private final Audits audits;
  private final FleetTrust trust;
  private volatile RootLine line;
  private volatile RootLine believed;

  /** Begins with the roots that ring and journal hold, and tells {@code listener} of them. */
  public RootChange(
      FleetPorts ports,
      KeyRings rings,
      IssuingCaChange issuingCa,
      HostDirectory hosts,
      Listener listener) {
    this.ports = ports;
    this.rings = rings;
    this.issuingCa = issuingCa;
    this.hosts = hosts;
    this.listener = listener;
    this.audits = new Audits(ports.mutations());
    this.line = RootLine.of(rings.current());
    this.believed = FleetRoots.believed(ports, line);
    this.trust = FleetTrust.of(believed.roots());
    issuingCa.show(believed);
    listener.believed(line, believed);
  }

  /** Who certifies hosts and coordinators; goes with the changes. */
  public FleetTrust trust() {
    return trust;
  }

  /** Of the root that this coordinator's own certificate leads to. */
  public Fingerprint issuing() {
    return issuingCa.present().rootFingerprint();
  }

  /** The newest that the journal introduced: what new tokens name. */
  public Fingerprint newest() {
    return Fingerprint.of(FleetRoots.newest(ports));
  }

  /** All roots that there ever were. */
  public RootLine line() {
    return line;
  }

  /** Those that are believed. */
  public RootLine believed() {
    return believed;
  }

  /** The same for agents. */
  public List<FleetRoot> wire() {
    return believed.encode().stream()
        .map(root ->
            FleetRoot.newBuilder().setCertificate(root.certificate()).setLink(root.link()).build())
        .toList();
  }

  /**
   * Introduces {@code root} by {@code link}, and takes up the issuing CA that it certified by
   * {@code ca} for the newest request. OBJECT_EXISTS if the one before wasn't retired,
   * CERTIFICATE_INVALID if the present root didn't introduce it, and errors of {@link
   * IssuingCaChange#install}.
   *
   * @param recovery of a private repository: the present recovery key, for which the new root
   *     vouches; INVALID_ARGUMENT for another one or for none, SIGNATURE_INVALID
   */
  public synchronized IssuingAuthority introduce(
      X509Certificate root,
      X509Certificate link,
      X509Certificate ca,
      Optional<CertifiedRecoveryKey> recovery,
      String actor)
      throws InterruptedException {
    recovery.ifPresent(key -> PrivateRepository.check(ports.repository(), key, root));
    if (believed.roots().size() > 1) { // I2
      throw new HoldfastException(
          ErrorCode.OBJECT_EXISTS,
          "the root with SHA-256 "
              + Fingerprint.of(believed.newest())
              + " was introduced already, and the one before it is believed still; retire that"
              + " first: holdfast key rotate root --retire");
    }
    RootLine next = line.succeededBy(root, link);
    IssuingAuthority issuing =
        issuingCa.under(
            root,
            ca,
            authority -> {
              rings.introduceRoot( // I1
                  next,
                  authority.key().toIssuingCaKey(),
                  ring -> vouchedFor(ring, recovery),
                  actor);
              if (!FleetRoots.newest(ports).equals(root)) {
                throw new HoldfastException(
                    ErrorCode.BUSY, "another root was introduced meanwhile; look, and try again");
              }
              line = next;
              believe();
              LOG.info("fleet root {} is introduced by {}", Fingerprint.of(root), actor);
            });
    listener.changed();
    return issuing;
  }

  /** I4. */
  private static RepositoryKeys vouchedFor(
      RepositoryKeys ring, Optional<CertifiedRecoveryKey> recovery) {
    Optional<Bytes32> present = ring.recovery().map(CertifiedRecoveryKey::publicKey);
    if (!present.equals(recovery.map(CertifiedRecoveryKey::publicKey))) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "the new root has to vouch for the recovery key to which hosts of this repository seal"
              + " theirs, "
              + present.map(Bytes32::toString).orElse("none as it is shared")
              + ", and for no other: is this command of the coordinator's version? If it is, the"
              + " recovery key was replaced meanwhile: run it again");
    }
    return recovery.map(ring::withRecovery).orElse(ring);
  }

  private void believe() {
    believed = FleetRoots.believed(ports, line);
    trust.pin(believed.roots());
    issuingCa.show(believed);
    listener.believed(line, believed);
  }

  /** Notes that a host that said hello keeps the newest root and shows a certificate under it. */
  public void said(HostId host, Hello hello) throws InterruptedException {
    if (believed.roots().size() == 1) {
      return; // there is nothing to change over to
    }
    X509Certificate newest = believed.newest();
    ByteString name = Fingerprint.of(newest).toByteString();
    boolean has = hello.getCredentialRoot().equals(name) && hello.getRootsList().contains(name);
    if (has && !has(host, newest)) {
      try {
        ports.append(FleetRoots.taken(ByteString.copyFrom(host.toByteArray()), newest));
      } catch (HoldfastException e) {
        LOG.warn("not journalled that host {} has the new root: {}", host, e.getMessage());
      }
    }
  }

  private boolean has(HostId host, X509Certificate root) {
    Optional<Bytes32> taken = ports.look(fleet -> fleet.root(host));
    return taken.equals(Optional.of(Fingerprint.of(root).value()));
  }

  /**
   * Hosts in service that don't have the newest root while an older one is believed; and those that
   * moved away, which are revoked, as long as they can read here.
   */
  public List<NamedHost> lacking() {
    if (believed.roots().size() == 1) {
      return List.of();
    }
    X509Certificate newest = believed.newest();
    return hosts.all().stream()
        .filter(host -> !host.isRevoked() || readsFromElsewhere(host.id()))
        .filter(host -> !has(host.id(), newest))
        .toList();
  }

  private boolean readsFromElsewhere(HostId host) {
    long nowMillis = ports.time().now().toEpochMilli();
    return ports.look(fleet ->
        fleet.isMovedAway(host)
            && fleet.certificates(host).stream()
                .anyMatch(certificate -> certificate.getExpiresMillis() > nowMillis));
  }

  /** What {@link #retire} did; {@code root} is absent if there was nothing to retire. */
  public record Retired(Optional<Fingerprint> root, List<NamedHost> leftBehind) {}

  /**
   * Believes the newest root only. CONFIRMATION_REQUIRED, naming them, if hosts lack it and {@code
   * force} isn't set; errors of the journal.
   */
  public synchronized Retired retire(boolean force, String actor) throws InterruptedException {
    if (believed.roots().size() == 1) {
      return new Retired(Optional.empty(), List.of());
    }
    List<NamedHost> lacking = lacking();
    if (!lacking.isEmpty() && !force) { // I3
      throw new HoldfastException(ErrorCode.CONFIRMATION_REQUIRED, lack(lacking));
    }
    X509Certificate old = believed.roots().get(believed.roots().size() - 2);
    ports.append(
        FleetRoots.retired(old),
        audits.of(
            actor,
            "root_retire",
            Optional.empty(),
            "retire fleet root SHA-256 "
                + Fingerprint.of(old)
                + ", leaving "
                + lacking.size()
                + " hosts behind"));
    believe();
    LOG.info("fleet root {} is retired by {}", Fingerprint.of(old), actor);
    listener.changed();
    lacking.forEach(host -> listener.leftBehind(host.id(), replaced(host.id())));
    return new Retired(Optional.of(Fingerprint.of(old)), lacking);
  }

  private static String lack(List<NamedHost> lacking) {
    String names =
        lacking.stream()
            .limit(NAMED_MAX)
            .map(host -> host + (host.isRevoked() ? ", which moved away" : ""))
            .collect(Collectors.joining("; "));
    return lacking.size()
        + (lacking.size() == 1 ? " host has" : " hosts have")
        + " no certificate under the new root yet: "
        + names
        + (lacking.size() > NAMED_MAX ? "; …" : "")
        + ". They fetch one within minutes of connecting, those that moved away within two hours."
        + " Nothing was done; those that never come back can be decommissioned, or left behind by"
        + " --force: they have to be enrolled again, and those that moved away read here no more";
  }

  private static HoldfastException replaced(HostId host) {
    return new HoldfastException(
        ErrorCode.CERTIFICATE_INVALID,
        "the certificate of host "
            + host
            + " is under a fleet root that was retired; enrol it again with a new token, and let"
            + " `holdfast host replace` give it its history");
  }
}
