package io.holdfast.agent.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.agent.testkit.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XattrsTest {
  @TempDir Path directory;
  private int fd;

  @BeforeEach
  void open() throws IOException {
    fd = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of(directory.toString()));
    FileTree.empty().file("f", "").symlink("l", "f").fifo("p").writeTo(directory);
    assumeTrue(supportsXattrs(), "the temporary directory has no extended attributes");
  }

  private boolean supportsXattrs() {
    try {
      Xattrs.setAt(fd, Names.of("f"), attribute("user.probe", 1));
      try (PosixFile file = openFile()) {
        Xattrs.remove(file.fd(), Names.of("user.probe"));
      }
      return true;
    } catch (PosixException e) {
      return false;
    }
  }

  @AfterEach
  void close() {
    Posix.close(fd);
  }

  private PosixFile openFile() throws PosixException {
    return new PosixFile(Posix.openAt(fd, Names.of("f"), OpenFlags.READ_WRITE, 0));
  }

  private static Xattr attribute(String name, int... value) {
    byte[] bytes = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      bytes[i] = (byte) value[i];
    }
    return new Xattr(Names.of(name), bytes);
  }

  @Test
  void shouldReadBackWhatWasSetThroughDescriptorAndThroughName() throws IOException {
    Xattr first = attribute("user.a", 0, 0xff, 10);
    Xattr second = attribute("user.b");
    try (PosixFile file = openFile()) {
      Xattrs.set(file.fd(), second);
      Xattrs.setAt(fd, Names.of("f"), first);
      assertEquals(List.of(first, second), Xattrs.read(file.fd()));
      assertEquals(List.of(first, second), Xattrs.readAt(fd, Names.of("f")));
    }
  }

  @Test
  void shouldSetAttributesOfLinksAndNotOfTheirTargets() throws IOException {
    assumeTrue(Posix.effectiveUserId() == 0, "trusted attributes need root");
    Xattr trusted = attribute("trusted.t", 1);
    Xattrs.setAt(fd, Names.of("l"), trusted);
    Xattrs.setAt(fd, Names.of("p"), trusted);
    assertEquals(List.of(trusted), Xattrs.readAt(fd, Names.of("l")));
    assertEquals(List.of(trusted), Xattrs.readAt(fd, Names.of("p")));
    assertEquals(List.of(), Xattrs.readAt(fd, Names.of("f")));
  }

  @Test
  void shouldSayThatLinksTakeNoUserAttributes() {
    PosixException e =
        assertThrows(
            PosixException.class, () -> Xattrs.setAt(fd, Names.of("l"), attribute("user.a", 1)));
    assertEquals(Errno.EPERM, e.errno());
  }

  @Test
  void shouldRefuseValuesBeyondTheKernelsLimit() {
    Xattr tooLarge = new Xattr(Names.of("user.a"), new byte[65_537]);
    assertThrows(PosixException.class, () -> Xattrs.setAt(fd, Names.of("f"), tooLarge));
  }
}
