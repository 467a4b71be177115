package io.holdfast.common.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "*.conf, etc/nginx/nginx.conf",
    "*.conf, a.conf",
    "nginx, etc/nginx",
    "etc/*.conf, etc/a.conf",
    "/etc/*.conf, etc/a.conf",
    "etc/, etc",
    "etc/**/a, etc/a",
    "etc/**/a, etc/b/c/a",
    "**/a/**/b, x/a/y/b",
    "**/a/**/b, a/b",
    "a/**, a/b/c",
    "a/**, a",
    "**, a/b",
    "file[0-9].txt, x/file7.txt",
    "file[!0-9].txt, x/filex.txt",
    "file[^0-9].txt, x/filex.txt",
    "[]a]x, ]x",
    "[a-]x, -x",
    "n?ve, x/näve",
    "a\\*b, x/a*b",
    "[\\]]x, ]x",
    "a***b, acb",
    "f**e, f-file",
  })
  void shouldMatch(String pattern, String path) {
    assertTrue(PathPattern.parse(pattern).matches(EntryPath.of(path)));
  }

  @ParameterizedTest
  @CsvSource({
    "*.conf, a.conf/b",
    "etc/*.conf, etc/x/a.conf",
    "etc/*.conf, usr/etc/a.conf",
    "nginx, etc/Nginx",
    "etc/**/a, etc/ab",
    "etc/**/a, usr/etc/a",
    "file[0-9].txt, filex.txt",
    "file[!0-9].txt, file7.txt",
    "n?ve, nve",
    "a\\*b, axb",
    "?, ab",
    "a/?, a",
    "/, a",
  })
  void shouldNotMatch(String pattern, String path) {
    if (pattern.equals("/")) {
      assertThrows(HoldfastException.class, () -> PathPattern.parse(pattern));
    } else {
      assertFalse(PathPattern.parse(pattern).matches(EntryPath.of(path)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a[b", "a[", "a[]", "a\\", "../x", "./x", "a/..", "[a\\"})
  void shouldRefuseWhatIsNoPattern(String text) {
    HoldfastException e = assertThrows(HoldfastException.class, () -> PathPattern.parse(text));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
  }

  @Test
  void anInvalidByteIsOneCharacter() {
    byte[] name = {'a', (byte) 0xff, (byte) 0xe2, (byte) 0x82, 'b'};
    assertTrue(PathPattern.parse("a???b").matches(EntryPath.of(name)));
    assertFalse(PathPattern.parse("a??b").matches(EntryPath.of(name)));
    assertFalse(PathPattern.parse("a\u00ff*").matches(EntryPath.of(name)));
  }

  @Test
  void shouldKnowWhereMatchesCanBe() {
    assertEquals(Optional.of(EntryPath.of("etc/a")), PathPattern.parse("/etc/a/*.x").top());
    assertEquals(Optional.of(EntryPath.of("etc/a*")), PathPattern.parse("etc/a\\*").top());
    assertEquals(Optional.empty(), PathPattern.parse("*.x").top());
    assertEquals(Optional.empty(), PathPattern.parse("name").top());
  }

  @Test
  void matchingAgreesWithANaiveMatcher() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 200_000; round++) {
      String pattern = text(random, List.of("a", "b", "*", "?", "/", "**", "/**/"));
      String path = text(random, List.of("a", "b", "/"));
      if (isPath(path) && isPattern(pattern)) {
        boolean expected = naive(split(pattern), split(path));
        boolean actual = PathPattern.parse(pattern).matches(EntryPath.of(path));
        assertEquals(expected, actual, pattern + " on " + path);
      }
    }
  }

  private static String text(SplittableRandom random, List<String> parts) {
    StringBuilder text = new StringBuilder();
    for (int count = 1 + random.nextInt(7); count > 0; count--) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return text.toString();
  }

  private static boolean isPath(String text) {
    return split(text).stream().noneMatch(String::isEmpty);
  }

  private static boolean isPattern(String text) {
    return text.contains("/") && isPath(text);
  }

  private static List<String> split(String text) {
    return Arrays.asList(text.split("/", -1));
  }

  private static boolean naive(List<String> pattern, List<String> path) {
    if (pattern.isEmpty()) {
      return path.isEmpty();
    }
    List<String> rest = pattern.subList(1, pattern.size());
    if (pattern.getFirst().equals("**")) {
      return naive(rest, path) || (!path.isEmpty() && naive(pattern, path.subList(1, path.size())));
    }
    return !path.isEmpty()
        && naiveName(pattern.getFirst(), path.getFirst())
        && naive(rest, path.subList(1, path.size()));
  }

  private static boolean naiveName(String pattern, String name) {
    if (pattern.isEmpty()) {
      return name.isEmpty();
    }
    String rest = pattern.substring(1);
    if (pattern.charAt(0) == '*') {
      return naiveName(rest, name) || (!name.isEmpty() && naiveName(pattern, name.substring(1)));
    }
    return !name.isEmpty()
        && (pattern.charAt(0) == '?' || pattern.charAt(0) == name.charAt(0))
        && naiveName(rest, name.substring(1));
  }

  @Test
  void noPatternTakesLong() {
    PathPattern stars = PathPattern.parse("*a".repeat(1_000) + "b");
    PathPattern depths = PathPattern.parse("**/a/".repeat(500) + "b");
    EntryPath name = EntryPath.of("a".repeat(60_000));
    EntryPath path = EntryPath.of("a/".repeat(30_000) + "a");
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertFalse(stars.matches(name));
          assertFalse(depths.matches(path));
        });
  }
}
