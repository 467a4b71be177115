package io.holdfast.agent.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.agent.posix.Names;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The paths that would reach the machine's own root if a writer believed them. */
class SafePathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"/", "//", "/.", "/..", "/etc/passwd", "//etc", "/proc/self/cwd/x", "\0/", ""})
  void shouldRefuseWhatIsNotBelowTheTarget(String path) {
    EntryFailure e = assertThrows(EntryFailure.class, () -> SafePath.of(Names.of(path)));
    assertEquals(DifferenceReason.UNSAFE_PATH, e.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "...", "..a/.b", "C:\\x", "..\\x", " ", "a\nb"})
  void shouldTakeAnyPlainNamesAsTheyAre(String path) throws EntryFailure {
    assertArrayEquals(Names.of(path), SafePath.of(Names.of(path)).bytes());
  }

  @Test
  void shouldTakeAPathApart() throws EntryFailure {
    SafePath deep = SafePath.of(Names.of("a/bc/d"));
    assertArrayEquals(Names.of("d"), deep.name());
    assertArrayEquals(Names.of("a/bc"), deep.parent());
    assertArrayEquals(new byte[0], SafePath.of(Names.of("a")).parent());
  }
}
