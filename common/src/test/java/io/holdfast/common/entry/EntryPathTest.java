package io.holdfast.common.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryPathTest {
  @Test
  void orderIsThatOfComponentsAsUnsignedBytes() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200_000; round++) {
      EntryPath left = random(random);
      EntryPath right = random(random);
      assertEquals(
          Integer.signum(byComponents(left, right)), Integer.signum(left.compareTo(right)));
    }
  }

  private static EntryPath random(SplittableRandom random) {
    byte[] alphabet = {'a', 'b', '-', (byte) 0xff, 1};
    StringBuilder text = new StringBuilder();
    for (int component = random.nextInt(3); component >= 0; component--) {
      for (int at = random.nextInt(3); at >= 0; at--) {
        text.append((char) (alphabet[random.nextInt(alphabet.length)] & 0xff));
      }
      text.append(component > 0 ? "/" : "");
    }
    return EntryPath.of(text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static int byComponents(EntryPath left, EntryPath right) {
    List<byte[]> a = components(left);
    List<byte[]> b = components(right);
    for (int at = 0; at < Math.min(a.size(), b.size()); at++) {
      int order = Arrays.compareUnsigned(a.get(at), b.get(at));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static List<byte[]> components(EntryPath path) {
    String text = new String(path.toByteArray(), StandardCharsets.ISO_8859_1);
    return Arrays.stream(text.split("/", -1))
        .map(name -> name.getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  @Test
  void aDirectoryStandsBeforeItsContentAndThatBeforeTheNextName() {
    List<String> sorted = List.of("a", "a/b", "a/b/c", "a/b-c", "a\u0001", "a-b", "aa", "b");
    for (int at = 1; at < sorted.size(); at++) {
      EntryPath before = EntryPath.of(sorted.get(at - 1));
      assertTrue(before.compareTo(EntryPath.of(sorted.get(at))) < 0, sorted.get(at));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "a/.", "a/..", "./a", "../a", "a/../b", "a\0b"
      })
  void shouldRefuseWhatIsNoPath(String text) {
    HoldfastException e = assertThrows(HoldfastException.class, () -> EntryPath.of(text));
    assertEquals(ErrorCode.PATH_UNSAFE, e.code());
  }

  @Test
  void shouldTakeWhatOnlyLooksUnsafe() {
    for (String text : List.of("...", "..a", "a..", ".a", "a/.b", "a\\..\\b", "C:", "~", "-rf")) {
      assertEquals(text.length(), EntryPath.of(text).length());
    }
    byte[] invalidUtf8 = {(byte) 0xc0, (byte) 0x80, '/', (byte) 0xff};
    assertArrayEquals(invalidUtf8, EntryPath.of(invalidUtf8).toByteArray());
  }

  @Test
  void shouldRefuseOneByteTooMany() {
    assertEquals(65_535, EntryPath.of("x".repeat(65_535)).length());
    assertThrows(HoldfastException.class, () -> EntryPath.of("x".repeat(65_536)));
    EntryPath longest = EntryPath.of("x".repeat(65_535));
    assertThrows(HoldfastException.class, () -> longest.child(Octets.utf8("y")));
    assertTrue(longest.compareTo(longest.afterSubtree()) < 0);
  }

  @Test
  void shouldSplitAndJoin() {
    EntryPath path = EntryPath.of("a/b/c");
    assertEquals(Optional.of(EntryPath.of("a/b")), path.parent());
    assertEquals(Optional.empty(), EntryPath.of("a").parent());
    assertEquals(Octets.utf8("c"), path.name());
    assertEquals(3, path.depth());
    assertEquals(path, EntryPath.of("a/b").child(Octets.utf8("c")));
    for (String name : List.of("", "..", "x/y", "/")) {
      assertThrows(HoldfastException.class, () -> path.child(Octets.utf8(name)), name);
    }
    assertTrue(path.isWithin(path));
    assertTrue(path.isWithin(EntryPath.of("a")));
    assertFalse(EntryPath.of("ab").isWithin(EntryPath.of("a")));
    assertFalse(EntryPath.of("a").isWithin(path));
  }

  @Test
  void shouldShowNothingThatSteersATerminal() {
    byte[] bytes = {'a', 27, '[', '3', '1', 'm', (byte) 0xff, (byte) 0xc3, (byte) 0xa4, '\n'};
    assertEquals("a\\x1b[31m\\xff\u00e4\\x0a", EntryPath.of(bytes).toString());
    assertEquals("\\xe2\\x80\\xaex", EntryPath.of("\u202ex").toString());
    assertEquals(
        "a\\xe2\\x82", EntryPath.of(new byte[] {'a', (byte) 0xe2, (byte) 0x82}).toString());
  }
}
