package io.holdfast.deploy.cli;

import io.holdfast.common.unit.DataSize;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.File;
import java.util.Locale;

/** One file on one line, much as {@code ls -l} shows it. */
final class FileLine {
  private FileLine() {}

  static String of(File file, Output output) {
    String target =
        file.getLinkTarget().isEmpty() ? "" : " -> " + SafeText.of(file.getLinkTarget());
    String gap = file.getGap() == 0 ? "" : "  [" + WireViews.gapReason(file.getGap()) + "]";
    return String.format(
            Locale.ROOT,
            "%s %6s %6s %9s %s  ",
            WireViews.modeLetters(file),
            Integer.toUnsignedString(file.getUid()),
            Integer.toUnsignedString(file.getGid()),
            new DataSize(Math.max(0, file.getSize())),
            output.people().time(WireViews.modified(file)))
        + SafeText.of(file.getPath())
        + target
        + gap;
  }
}
