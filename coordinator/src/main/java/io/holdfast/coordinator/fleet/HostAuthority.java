package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.Principal.CoordinatorPrincipal;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.Principal.JournalWriter;
import io.holdfast.common.identity.Principal.OperatorPrincipal;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.FleetQueries;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.proto.stored.v1.CertificateIssued;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a caller may make a call: by role from {@link CallPolicy}, and for hosts by what
 * the journal says of them now. That the certificate is good in itself, TLS has found before. Any
 * thread.
 */
public final class HostAuthority {
  private final FleetPorts ports;

  public HostAuthority(FleetPorts ports) {
    this.ports = ports;
  }

  /**
   * Throws unless {@code identity}, absent for a caller without a certificate, may call {@code
   * method}. NOT_ENROLLED for a caller without certificate and a host that isn't in the journal,
   * HOST_REVOKED, CERTIFICATE_INVALID for a certificate that the journal doesn't know or of another
   * fleet, NOT_AUTHORISED for everything else.
   */
  public void admit(String method, Optional<Identity> identity) {
    try {
      judge(method, identity);
    } catch (HoldfastException e) {
      ports.meter().refused(e.code());
      throw e;
    }
  }

  /** A call that was admitted ended with this error. */
  public void refused(ErrorCode code) {
    ports.meter().refused(code);
  }

  private void judge(String method, Optional<Identity> identity) {
    Set<Role> allowed = CallPolicy.allowed(method);
    if (identity.isEmpty()) {
      if (!allowed.contains(Role.STRANGER)) {
        throw new HoldfastException(
            ErrorCode.NOT_ENROLLED,
            method
                + " needs a certificate of this fleet and none was shown; enrol this host first");
      }
      return;
    }
    Identity caller = identity.get();
    if (!caller.fleet().equals(ports.fleet())) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          caller + " is not of this coordinator's fleet " + ports.fleet() + "; check the address");
    }
    if (!allowed.contains(role(caller))) {
      throw new HoldfastException(
          ErrorCode.NOT_AUTHORISED, caller + " may not call " + method + "; ask an operator");
    }
    if (caller.principal() instanceof HostPrincipal host) {
      boolean mayReadOnly = allowed.contains(Role.MOVED_HOST);
      ports.look(fleet -> welcome(fleet, host.host(), caller, mayReadOnly));
    }
  }

  private static Role role(Identity caller) {
    return switch (caller.principal()) {
      case HostPrincipal host -> Role.HOST;
      case OperatorPrincipal operator ->
          throw new HoldfastException(
              ErrorCode.NOT_AUTHORISED,
              "people call by an access token, and not by a certificate; have one made with:"
                  + " holdfast user token create");
      case CoordinatorPrincipal coordinator -> Role.COORDINATOR;
      case JournalWriter writer ->
          throw new HoldfastException(
              ErrorCode.NOT_AUTHORISED, "a key that signs the journal makes no calls");
    };
  }

  private static EnrolledHost welcome(
      FleetQueries fleet, HostId id, Identity caller, boolean alsoMoved) {
    EnrolledHost host = welcome(fleet, id, alsoMoved);
    if (fleet.certificates(id).stream().noneMatch(issued -> isOf(issued, caller))) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          "the certificate of host "
              + id
              + " with serial "
              + caller.serial().toString(16)
              + " is in no record of the journal: if this coordinator isn't just behind, somebody"
              + " else has the issuing CA's key");
    }
    return host;
  }

  /**
   * @param alsoMoved whether one that was moved away is welcome
   */
  private static EnrolledHost welcome(FleetQueries fleet, HostId id, boolean alsoMoved) {
    EnrolledHost host = fleet.host(id).orElseThrow(() -> unknown(id));
    if (host.revokedSeq().isPresent()) {
      boolean isMoved = fleet.isMovedAway(id);
      if (!isMoved || !alsoMoved) {
        throw isMoved ? movedAway(id) : revoked(id);
      }
    }
    return host;
  }

  private static boolean isOf(CertificateIssued issued, Identity caller) {
    return issued.getSerial().equals(ByteString.copyFrom(caller.serial().toByteArray()))
        && issued.getKeyId().equals(ByteString.copyFrom(caller.keyId().value().toByteArray()));
  }

  /**
   * Until when open calls of {@code host} may go on, unless it is revoked before: until the last of
   * its certificates has run out. A stream may outlive the certificate it began with, as long as
   * the host has a newer one: a first backup can take longer than a certificate lives.
   * NOT_ENROLLED, HOST_REVOKED or CERTIFICATE_EXPIRED if they have to end now.
   */
  long welcomeUntilMillis(FleetQueries fleet, HostId host) {
    welcome(fleet, host, true); // what it may not go on with was ended when it moved
    return fleet.certificates(host).stream()
        .mapToLong(CertificateIssued::getExpiresMillis)
        .filter(expires -> expires >= ports.time().now().toEpochMilli())
        .max()
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.CERTIFICATE_EXPIRED,
                "every certificate of host " + host + " has expired; enrol it again"));
  }

  static HoldfastException unknown(HostId host) {
    return new HoldfastException(
        ErrorCode.NOT_ENROLLED,
        "host " + host + " is not enrolled in this repository; enrol it with a new token");
  }

  static HoldfastException movedAway(HostId host) {
    return new HoldfastException(
        ErrorCode.HOST_REVOKED,
        "host "
            + host
            + " was moved to another repository and does here nothing but read what it stored; to"
            + " bring it back, move it here by a new token");
  }

  static HoldfastException revoked(HostId host) {
    return new HoldfastException(
        ErrorCode.HOST_REVOKED,
        "host " + host + " was revoked; if that was a mistake, enrol it anew with a new token");
  }
}
