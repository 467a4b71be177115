package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.output.SafeText;

/**
 * Where a restore goes.
 *
 * @param host name or id
 * @param directory absolute; empty for where the files were
 */
record Target(String host, String directory) {
  /** Parses {@code HOST:DIR}, the value of {@code option}. */
  static Target parse(String option, String text) {
    int colon = text.indexOf(":/");
    if (colon < 1) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          option
              + " \""
              + text
              + "\" isn't HOST:DIR with an absolute directory: write it as web1:/srv/restored, or"
              + " use --in-place HOST");
    }
    return new Target(text.substring(0, colon), text.substring(colon + 1));
  }

  String shown() {
    return SafeText.of(directory.isEmpty() ? host + " in place" : host + ":" + directory);
  }
}
