package io.holdfast.agent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.agent.posix.Posix;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is run that somebody else than root, or the agent's own user, can have put there. */
class HookDirectoryTest {
  @TempDir Path directory;

  private Scripts scripts;
  private HookDirectory hooks;

  @BeforeEach
  void make() throws IOException {
    scripts = Scripts.in(directory);
    hooks = new HookDirectory(scripts.directory());
  }

  private void assertRefused(String name, String why) {
    HoldfastException refused = assertThrows(HoldfastException.class, () -> hooks.find(name));
    assertEquals(ErrorCode.HOOK_REFUSED, refused.code());
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void shouldFindAProgramByItsName() throws IOException {
    Path file = scripts.write("dump", "true");
    assertEquals(file, hooks.find("dump"));
  }

  @Test
  void shouldRefuseWhatIsNotThere() {
    assertRefused("absent", "ENOENT");
  }

  @Test
  void shouldRefuseALinkAndADirectory() throws IOException {
    scripts.write("real", "true");
    Files.createSymbolicLink(scripts.directory().resolve("link"), Path.of("real"));
    Files.createDirectory(scripts.directory().resolve("sub"));
    assertRefused("link", "is no regular file");
    assertRefused("sub", "is no regular file");
  }

  @Test
  void shouldRefuseWhatOthersCanWrite() throws IOException {
    Path file = scripts.write("dump", "true");
    mode(file, "rwxrwxr-x");
    assertRefused("dump", "can be written by others");
    mode(file, "rwxr-xrwx");
    assertRefused("dump", "can be written by others");
  }

  @Test
  void shouldRefuseWhatIsNotExecutable() throws IOException {
    mode(scripts.write("dump", "true"), "rw-r--r--");
    assertRefused("dump", "isn't executable");
  }

  @Test
  void shouldRefuseADirectoryThatOthersCanWriteOrSwap() throws IOException {
    scripts.write("dump", "true");
    mode(scripts.directory(), "rwxrwxrwx");
    assertRefused("dump", "can be written by others");
    mode(scripts.directory(), "rwxr-xr-x");
    mode(directory, "rwxrwxrwx");
    assertRefused("dump", "can be written by others");
  }

  @Test
  void shouldRefuseADirectoryBehindALink() throws IOException {
    scripts.write("dump", "true");
    Path link = Files.createSymbolicLink(directory.resolve("link"), scripts.directory());
    hooks = new HookDirectory(link);
    assertRefused("dump", "is no directory");
  }

  @Test
  void shouldRefuseWhatBelongsToSomebodyElse() throws IOException {
    assumeTrue(Posix.effectiveUserId() == 0, "only root can give files away");
    Path file = scripts.write("dump", "true");
    Files.setAttribute(file, "unix:uid", 65_534);
    assertRefused("dump", "belongs to user 65534");
    Files.setAttribute(file, "unix:uid", 0);
    Files.setAttribute(scripts.directory(), "unix:uid", 65_534);
    assertRefused("dump", "belongs to user 65534");
  }

  @Test
  void shouldTakeNamesOnly() {
    for (String name :
        List.of("", "..", ".hidden", "a/b", "/bin/sh", "a b", "x;y", "-rf", "a\nb", "\u00e4")) {
      HoldfastException refused =
          assertThrows(
              HoldfastException.class, () -> new HookCall(name, Duration.ofSeconds(1)), name);
      assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
    }
  }
}
