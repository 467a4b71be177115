package io.holdfast.common.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A golden file: lines of words, with comments that say what the words are. */
public final class Golden {
  private Golden() {}

  /** The words of every line of {@code golden/v1/name} that is no comment. */
  public static List<List<String>> lines(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/v1/" + name)) {
      if (in == null) {
        throw new AssertionError("golden file " + name + " is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> Arrays.asList(line.split(" ", -1)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers separated by commas. */
  public static int[] numbers(String word) {
    return Arrays.stream(word.split(",", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
