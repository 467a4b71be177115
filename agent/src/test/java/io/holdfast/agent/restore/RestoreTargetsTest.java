package io.holdfast.agent.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTargetsTest {
  @TempDir Path directory;
  private Path root;
  private RestoreTargets targets;

  @BeforeEach
  void allowOne() throws Exception {
    root = Files.createDirectories(directory.toRealPath().resolve("allowed"));
    targets = new RestoreTargets(List.of(root), false);
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void assertRefused(ErrorCode code, byte[] target) {
    HoldfastException thrown = assertThrows(HoldfastException.class, () -> targets.check(target));
    assertEquals(code, thrown.code(), thrown.getMessage());
  }

  @Test
  void shouldAllowTheDirectoryAndWhatIsBelow() {
    assertEquals(root, targets.check(bytes(root)));
    assertEquals(root.resolve("a/b"), targets.check(bytes(root.resolve("a/b"))));
  }

  @Test
  void shouldRefuseEverythingElse() {
    assertRefused(ErrorCode.TARGET_NOT_ALLOWED, bytes(directory.resolve("other")));
    assertRefused(ErrorCode.TARGET_NOT_ALLOWED, bytes(root.resolveSibling("allowed-too")));
    assertRefused(ErrorCode.TARGET_NOT_ALLOWED, bytes(Path.of("/etc")));
  }

  @Test
  void shouldRefuseALinkOutOfAnAllowedDirectory() throws Exception {
    Path outside = Files.createDirectories(directory.toRealPath().resolve("outside"));
    Files.createSymbolicLink(root.resolve("link"), outside);
    assertRefused(ErrorCode.TARGET_NOT_ALLOWED, bytes(root.resolve("link")));
    assertRefused(ErrorCode.TARGET_NOT_ALLOWED, bytes(root.resolve("link/below")));
  }

  @Test
  void shouldFollowALinkIntoAnAllowedDirectory() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), root);
    assertEquals(root.resolve("x"), targets.check(bytes(directory.resolve("link/x"))));
  }

  @Test
  void shouldRefuseInPlaceUnlessTheHostAllowsItByWhateverName() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("top"), Path.of("/"));
    RestoreTargets inPlace = new RestoreTargets(List.of(root), true);
    for (byte[] name : List.of(new byte[0], bytes(Path.of("/")), bytes(link))) {
      assertRefused(ErrorCode.TARGET_NOT_ALLOWED, name);
      assertTrue(RestoreTargets.isInPlace(inPlace.check(name)));
    }
    assertFalse(RestoreTargets.isInPlace(inPlace.check(bytes(root))));
  }

  @Test
  void shouldRefuseWhatIsNoAbsolutePath() {
    assertRefused(ErrorCode.INVALID_ARGUMENT, bytes(Path.of("relative")));
    assertRefused(ErrorCode.INVALID_ARGUMENT, bytes(root.resolve("../allowed")));
    assertRefused(ErrorCode.INVALID_ARGUMENT, new byte[] {'/', (byte) 0xff});
    assertRefused(ErrorCode.INVALID_ARGUMENT, new byte[] {'/', 0});
  }
}
