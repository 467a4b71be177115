package io.holdfast.agent.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @Test
  void shouldOrderADirectoryBeforeItsContentAndThatBeforeItsSiblings() {
    List<String> ordered =
        List.of("a", "a/b", "a/b/c", "a/b!", "a\n", "a b", "a!", "a-b/x", "a.b", "aa", "b");
    for (int seed = 0; seed < 10; seed++) {
      List<String> shuffled = new ArrayList<>(ordered);
      Collections.shuffle(shuffled, new Random(seed));
      shuffled.sort((l, r) -> Names.comparePaths(Names.of(l), Names.of(r)));
      assertEquals(ordered, shuffled, "seed " + seed);
    }
  }

  @Test
  void shouldCompareBytesAsUnsigned() {
    assertTrue(Names.compare(new byte[] {'z'}, new byte[] {(byte) 0x80}) < 0);
    assertTrue(Names.comparePaths(new byte[] {'z'}, new byte[] {(byte) 0x80}) < 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a\0", "/"})
  void shouldRefuseComponentsThatAreNone(String name) {
    byte[] bytes = Names.of(name);
    assertFalse(Names.isComponent(bytes, 0, bytes.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "...", ".a", "..a", " ", "\n", "\\", "a:b"})
  void shouldAcceptWhateverTheKernelDoes(String name) {
    byte[] bytes = Names.of(name);
    assertTrue(Names.isComponent(bytes, 0, bytes.length));
  }

  @Test
  void shouldAcceptComponentsUpToTheKernelsLength() {
    byte[] bytes = Names.of("x".repeat(256));
    assertTrue(Names.isComponent(bytes, 0, 255));
    assertFalse(Names.isComponent(bytes, 0, 256));
  }

  @Test
  void shouldShowHostileNamesWithoutTheirEffect() {
    assertEquals("caf\u00e9", Names.display(Names.of("caf\u00e9")));
    assertEquals("a\\x0ab", Names.display(Names.of("a\nb")));
    assertEquals("\\xff\\\\", Names.display(new byte[] {(byte) 0xff, '\\'}));
    assertEquals("\\xe2\\x80\\xaex", Names.display(Names.of("\u202ex")));
  }
}
