package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The textual encoding of RFC 7468. Text between blocks is ignored; errors never quote a block. */
final class Pem {
  static final String CERTIFICATE = "CERTIFICATE";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String PUBLIC_KEY = "PUBLIC KEY";

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final byte[] LINE_END = {'\n'};

  private Pem() {}

  static String encode(String label, byte[] der) {
    return BEGIN
        + label
        + DASHES
        + "\n"
        + Base64.getMimeEncoder(64, LINE_END).encodeToString(der)
        + "\n"
        + END
        + label
        + DASHES
        + "\n";
  }

  /**
   * The DER of every block labelled {@code label}, in order; MALFORMED if {@code what} is damaged.
   */
  static List<byte[]> decode(String what, String text, String label) {
    List<byte[]> blocks = new ArrayList<>();
    String begin = BEGIN + label + DASHES;
    String end = END + label + DASHES;
    for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
      int until = text.indexOf(end, at);
      if (until < 0) {
        throw malformed(what, "a " + label + " block does not end");
      }
      blocks.add(decodeBody(what, label, text.substring(at + begin.length(), until)));
    }
    return blocks;
  }

  /** The only block labelled {@code label}. */
  static byte[] decodeOne(String what, String text, String label) {
    List<byte[]> blocks = decode(what, text, label);
    if (blocks.size() != 1) {
      throw malformed(
          what,
          "it holds "
              + blocks.size()
              + " blocks of type "
              + label
              + " instead of one"
              + hint(text));
    }
    return blocks.getFirst();
  }

  private static String hint(String text) {
    if (text.contains(BEGIN + "EC PRIVATE KEY")) {
      return "; its key is in the older SEC 1 form, convert it with: openssl pkcs8 -topk8 -nocrypt";
    }
    return text.contains(BEGIN + "ENCRYPTED PRIVATE KEY")
        ? "; its key is encrypted, which is not supported: protect the file by its mode"
        : "";
  }

  private static byte[] decodeBody(String what, String label, String body) {
    try {
      byte[] text = body.replaceAll("\\s", "").getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw malformed(what, "a " + label + " block is not base64");
    }
  }

  private static HoldfastException malformed(String what, String cause) {
    return new HoldfastException(ErrorCode.MALFORMED, what + " is not usable as PEM: " + cause);
  }
}
