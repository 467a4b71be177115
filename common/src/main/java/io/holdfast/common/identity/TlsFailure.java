package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.netty.handler.ssl.NotSslRecordException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Turns what a TLS stack throws into an error for people. Our own refusals travel as causes; the
 * other side's arrive as alerts (RFC 8446, section 6), whose names both stacks spell in their own
 * ways.
 */
public final class TlsFailure {
  private static final int CAUSES_MAX = 16;

  private TlsFailure() {}

  /** What an alert or failure, recognised by a part of its name, means. */
  private record Meaning(String sign, ErrorCode code, String words) {}

  private static final List<Meaning> MEANINGS =
      List.of(
          new Meaning(
              "certificateexpired",
              ErrorCode.CERTIFICATE_EXPIRED,
              "it says that this machine's certificate has expired: renew it or enrol again, or"
                  + " compare the two clocks"),
          new Meaning(
              "certificaterequired",
              ErrorCode.NOT_ENROLLED,
              "it wants a certificate and this machine has none: enrol it first"),
          new Meaning(
              "unknownca",
              ErrorCode.CERTIFICATE_INVALID,
              "it does not know the fleet of this machine's certificate: check the address, or"
                  + " enrol again"),
          new Meaning(
              "badcertificate",
              ErrorCode.CERTIFICATE_INVALID,
              "it refuses this machine's certificate; its log says why"),
          new Meaning(
              "certificateunknown",
              ErrorCode.CERTIFICATE_INVALID,
              "it refuses this machine's certificate; its log says why"),
          new Meaning(
              "protocolversion",
              ErrorCode.INVALID_CONFIGURATION,
              "the two sides have no version of TLS in common; Holdfast speaks 1.3 only, so there"
                  + " is another program, or something in between"),
          new Meaning(
              "unsupportedprotocol",
              ErrorCode.INVALID_CONFIGURATION,
              "the two sides have no version of TLS in common; Holdfast speaks 1.3 only, so there"
                  + " is another program, or something in between"),
          new Meaning(
              "wrongversionnumber",
              ErrorCode.INVALID_CONFIGURATION,
              "what answers there does not speak TLS: check address and port"));

  /**
   * The error to show for a failed connection to {@code peer}; empty if {@code thrown} has nothing
   * to do with TLS.
   */
  public static Optional<HoldfastException> explain(String peer, Throwable thrown) {
    Optional<HoldfastException> result = Optional.empty();
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++, cause = cause.getCause()) {
      if (cause instanceof HoldfastException ours) {
        return Optional.of(error(peer, ours.code(), ours.getMessage(), thrown));
      }
      if (cause instanceof SSLException && result.isEmpty()) {
        result = Optional.of(explain(peer, (SSLException) cause, thrown));
      }
    }
    return result;
  }

  private static HoldfastException explain(String peer, SSLException tls, Throwable thrown) {
    if (tls instanceof NotSslRecordException) {
      return error(
          peer,
          ErrorCode.INVALID_CONFIGURATION,
          "what answers there does not speak TLS: check address and port",
          thrown);
    }
    String text =
        String.valueOf(tls.getMessage()).toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    return MEANINGS.stream()
        .filter(meaning -> text.contains(meaning.sign()))
        .findFirst()
        .map(meaning -> error(peer, meaning.code(), meaning.words(), thrown))
        .orElseGet(() -> error(peer, ErrorCode.UNAVAILABLE, tls.getMessage(), thrown));
  }

  private static HoldfastException error(
      String peer, ErrorCode code, String words, Throwable thrown) {
    return new HoldfastException(code, "no TLS connection to " + peer + ": " + words, thrown);
  }
}
