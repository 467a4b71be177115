package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.output.SafeText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** How a command that names paths inside a snapshot takes them. */
final class Selection {
  @Option(
      names = "--escaped",
      description =
          "PATH is written as listings print it: \\\\ for a backslash, \\xNN for other bytes.")
  private boolean escaped;

  /**
   * The path inside a snapshot that {@code text} means: without slashes at its ends, so that a path
   * of the host, such as /etc/hosts, may be given.
   */
  ByteString path(String text) {
    ByteString bytes =
        escaped ? SafeText.unescape(text) : ByteString.copyFrom(text, StandardCharsets.UTF_8);
    if (text.indexOf('\ufffd') >= 0) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "\"" + text + "\" holds bytes that this locale can't read: pass it with --escaped");
    }
    ByteString bare = strip(bytes);
    refuseDots(text, bare);
    return bare;
  }

  /** A path of a host as one inside a snapshot, without slashes at its ends. */
  static ByteString strip(ByteString path) {
    int begin = 0;
    int end = path.size();
    while (begin < end && path.byteAt(begin) == '/') {
      begin++;
    }
    while (end > begin && path.byteAt(end - 1) == '/') {
      end--;
    }
    return path.substring(begin, end);
  }

  private static void refuseDots(String text, ByteString path) {
    String[] parts = path.toString(StandardCharsets.ISO_8859_1).split("/", -1);
    boolean odd =
        !path.isEmpty()
            && Arrays.stream(parts).anyMatch(p -> p.isEmpty() || p.equals(".") || p.equals(".."));
    if (odd) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "\"" + text + "\" isn't a path inside a snapshot: write it without //, . and ..");
    }
  }
}
