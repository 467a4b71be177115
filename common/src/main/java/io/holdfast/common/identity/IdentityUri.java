package io.holdfast.common.identity;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Principal.CoordinatorPrincipal;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.Principal.JournalWriter;
import io.holdfast.common.identity.Principal.OperatorPrincipal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The URIs in certificates: {@code holdfast://fleet}, and {@code holdfast://fleet/role/id}. */
final class IdentityUri {
  private static final String SCHEME = "holdfast://";
  private static final int URI_NAME = 6;
  private static final Pattern LEAF =
      Pattern.compile("holdfast://([0-9a-f]{32})/([a-z]+)/([a-z0-9._-]+)");
  private static final Pattern AUTHORITY = Pattern.compile("holdfast://([0-9a-f]{32})");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  private IdentityUri() {}

  /** Fleet and principal together. */
  record Named(FleetId fleet, Principal principal) {}

  static String ofAuthority(FleetId fleet) {
    return SCHEME + fleet;
  }

  static String of(FleetId fleet, Principal principal) {
    return SCHEME + fleet + "/" + principal.role() + "/" + principal.id();
  }

  /** Which root one introduces as its successor. */
  static String ofRoot(FleetId fleet, Fingerprint root) {
    return SCHEME + fleet + "/root/" + root;
  }

  /** Whom a leaf names; empty unless it has exactly one Holdfast URI and that is well formed. */
  static Optional<Named> read(X509Certificate leaf) {
    return single(leaf).map(LEAF::matcher).filter(Matcher::matches).flatMap(IdentityUri::named);
  }

  /** The fleet of a CA certificate, likewise. */
  static Optional<FleetId> readAuthority(X509Certificate authority) {
    return single(authority)
        .map(AUTHORITY::matcher)
        .filter(Matcher::matches)
        .map(match -> FleetId.parse(match.group(1)));
  }

  /** Whether {@code link} introduces the root {@code root} of {@code fleet}. */
  static boolean introduces(X509Certificate link, FleetId fleet, Fingerprint root) {
    return single(link).filter(ofRoot(fleet, root)::equals).isPresent();
  }

  private static Optional<Named> named(Matcher match) {
    FleetId fleet = FleetId.parse(match.group(1));
    return principal(match.group(2), match.group(3)).map(who -> new Named(fleet, who));
  }

  private static Optional<Principal> principal(String role, String id) {
    boolean isId = ID.matcher(id).matches();
    return switch (role) {
      case "host" -> isId ? Optional.of(new HostPrincipal(HostId.parse(id))) : Optional.empty();
      case "coordinator" ->
          isId ? Optional.of(new CoordinatorPrincipal(CoordinatorId.parse(id))) : Optional.empty();
      case "journal" ->
          isId ? Optional.of(new JournalWriter(CoordinatorId.parse(id))) : Optional.empty();
      case "operator" -> operator(id);
      default -> Optional.empty();
    };
  }

  private static Optional<Principal> operator(String name) {
    try {
      return Optional.of(new OperatorPrincipal(name));
    } catch (HoldfastException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> single(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      List<String> uris =
          (names == null ? List.<List<?>>of() : names)
              .stream()
                  .filter(name -> name.getFirst().equals(URI_NAME))
                  .map(name -> (String) name.get(1))
                  .toList();
      return uris.size() == 1 ? Optional.of(uris.getFirst()) : Optional.empty();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }
}
