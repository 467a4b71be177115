package io.holdfast.agent.job;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is mounted where, as the kernel lists it. */
final class Mounts {
  private static final Path LIST = Path.of("/proc/self/mountinfo");
  private static final int PLACE = 4;

  private Mounts() {}

  /** Every mount point that this process sees. IO if the kernel's list can't be read. */
  static List<Path> places() {
    try {
      return places(Files.readString(LIST, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, LIST + " can't be read: " + e.getMessage() + "; is /proc mounted?", e);
    }
  }

  static List<Path> places(String list) {
    List<Path> places = new ArrayList<>();
    for (String line : list.split("\n", -1)) {
      String[] fields = line.split(" ", -1);
      if (fields.length > PLACE) {
        places.add(Path.of(unescaped(fields[PLACE])));
      }
    }
    return places;
  }

  /** Blanks and backslashes stand as a backslash and three octal digits. */
  private static String unescaped(String field) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int at = 0; at < field.length(); at++) {
      if (field.charAt(at) == '\\' && at + 3 < field.length()) {
        bytes.write(Integer.parseInt(field.substring(at + 1, at + 4), 8));
        at += 3;
      } else {
        bytes.write(field.charAt(at));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
