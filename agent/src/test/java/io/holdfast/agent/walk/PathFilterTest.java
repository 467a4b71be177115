package io.holdfast.agent.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.holdfast.agent.posix.Names;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathFilterTest {
  private static boolean excludes(String path, String... lines) {
    boolean directory = path.endsWith("/");
    byte[] bytes = Names.of(directory ? path.substring(0, path.length() - 1) : path);
    return PathFilter.parse(List.of(lines)).excludes(bytes, bytes.length, directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # pattern      | path              | excluded
          *.tmp          | a.tmp             | true
          *.tmp          | home/x/a.tmp      | true
          *.tmp          | home/a.tmp.gz     | false
          /tmp           | tmp/              | true
          /tmp           | home/tmp/         | false
          var/cache      | var/cache/        | true
          var/cache      | srv/var/cache/    | false
          build/         | src/build/        | true
          build/         | src/build         | false
          **/logs        | logs/             | true
          **/logs        | a/b/logs          | true
          **/logs/*.log  | a/logs/x.log      | true
          **/logs/*.log  | a/logs/b/x.log    | false
          a/**           | a/                | false
          a/**           | a/x               | true
          a/**           | a/x/y             | true
          a/**/b         | a/b               | true
          a/**/b         | a/x/y/b           | true
          a/**/b         | a/x/y/bb          | false
          a/**/b/*/c     | a/b/b/x/c         | true
          a/**/b/*/c     | a/b/x/y/c         | false
          /*             | etc/              | true
          /*             | etc/x             | false
          home/*/x       | home/bob/x        | true
          home/*/x       | home/a/b/x        | false
          ?at            | cat               | true
          ?at            | at                | false
          [a-c]x         | bx                | true
          [a-c]x         | dx                | false
          [!a-c]x        | dx                | true
          [^a-c]x        | ax                | false
          []a]x          | ]x                | true
          [a-]x          | -x                | true
          [[:digit:]]*   | 7up               | true
          [[:digit:]]*   | up7               | false
          [![:alpha:]]   | 1                 | true
          [a             | [a                | false
          \\*            | *                 | true
          \\*            | ab                | false
          \\#x           | #x                | true
          \\!x           | !x                | true
          a[*]b          | a*b               | true
          a*b*c          | aXbXbYc           | true
          a*b*c          | aXbXbY            | false
          *              | anything          | true
          foo**bar       | fooxbar           | true
          """)
  void shouldDecideAsGitDoes(String pattern, String path, boolean excluded) {
    assertEquals(excluded, excludes(path, pattern.replace("\\\\", "\\")), pattern + " on " + path);
  }

  @Test
  void shouldLetTheLastMatchingLineDecide() {
    assertEquals(false, excludes("a.log", "*.log", "!a.log"));
    assertEquals(true, excludes("a.log", "*.log", "!a.log", "a*"));
    assertEquals(true, excludes("b.log", "*.log", "!a.log"));
  }

  @Test
  void shouldIgnoreCommentsAndBlanksAndTrailingSpaces() {
    assertEquals(false, excludes("a", "# a", "", "   ", "/", "!"));
    assertEquals(true, excludes("a", "a   "));
    assertEquals(true, excludes("a ", "a\\ "));
    assertEquals(false, excludes("a", "a\\ "));
  }

  @Test
  void shouldMatchNamesThatAreNotText() {
    byte[] name = {'a', (byte) 0xff};
    assertEquals(true, PathFilter.parse(List.of("a?")).excludes(name, 2, false));
  }

  @Test
  void shouldNotBeSlowedDownByHostilePatterns() {
    String stars = "*a".repeat(100) + "b";
    String deep = "**/a/".repeat(100) + "b";
    String path = "a/".repeat(1_000) + "a".repeat(250);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertEquals(false, excludes(path, stars, deep)));
  }
}
