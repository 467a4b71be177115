package io.holdfast.common.identity;

import io.holdfast.common.identity.Principal.CoordinatorPrincipal;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.Principal.JournalWriter;
import io.holdfast.common.identity.Principal.OperatorPrincipal;
import java.util.List;

/** What a certificate may be shown for, as its extended key usage says (RFC 5280, 4.2.1.12). */
public enum Purpose {
  TLS_SERVER("1.3.6.1.5.5.7.3.1", "as a server"),
  TLS_CLIENT("1.3.6.1.5.5.7.3.2", "as a client"),
  JOURNAL(CertificateWriter.JOURNAL_PURPOSE, "to sign the journal");

  private final String oid;
  private final String words;

  Purpose(String oid, String words) {
    this.oid = oid;
    this.words = words;
  }

  String oid() {
    return oid;
  }

  String words() {
    return words;
  }

  /** What the role of {@code principal} is for: these purposes, no others. */
  static List<Purpose> of(Principal principal) {
    return switch (principal) {
      case HostPrincipal host -> List.of(TLS_CLIENT);
      case OperatorPrincipal operator -> List.of(TLS_CLIENT);
      case CoordinatorPrincipal coordinator -> List.of(TLS_SERVER, TLS_CLIENT);
      case JournalWriter writer -> List.of(JOURNAL);
    };
  }
}
