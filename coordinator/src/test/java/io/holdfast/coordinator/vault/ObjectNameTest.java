package io.holdfast.coordinator.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectNameTest {
  @Test
  void shouldTakeLowerCaseNamesOfBoundedLength() {
    for (String valid :
        List.of("a", "journal/00000000000000000042", "packs/ab/ab-c_d.e", "a/b/c", "tmp-not/x")) {
      assertEquals(valid, ObjectName.of(valid).toString());
    }
    assertEquals(255, ObjectName.of("a/".repeat(127) + "a").value().length());
  }

  @Test
  void shouldRefuseWhateverCouldLeaveTheVaultOrConfuseIt() {
    for (String invalid :
        List.of(
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            "a..b",
            ".hidden",
            "a/.hidden",
            "-a",
            "A",
            "packs/Ab",
            "a b",
            "a\\b",
            "a\0",
            "a\n",
            "ä",
            "a:b",
            "tmp",
            "tmp/x",
            "vault.json",
            "a".repeat(129),
            "a/".repeat(128) + "a")) {
      assertThrows(IllegalArgumentException.class, () -> ObjectName.of(invalid), invalid);
    }
  }

  @Test
  void shouldTakePrefixesOfWholeComponentsOnly() {
    assertTrue(ObjectPrefix.ALL.contains(ObjectName.of("a")));
    assertTrue(ObjectPrefix.of("a/").contains(ObjectName.of("a/b")));
    assertEquals(ObjectName.of("a/b"), ObjectPrefix.of("a/").name("b"));
    for (String invalid : List.of("a", "/", "../", "A/", "a//", "tmp/")) {
      assertThrows(IllegalArgumentException.class, () -> ObjectPrefix.of(invalid), invalid);
    }
  }
}
