package io.holdfast.common.key;

import static io.holdfast.common.key.KeyFixture.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with secrets: modes, replacement, what is left behind, and passphrases read from them. */
class SecretFileTest {
  @TempDir Path directory;

  @Test
  void shouldWriteForTheOwnerAloneAndLeaveNothingElseBehind() throws IOException {
    Path file = directory.resolve("agent.key");
    SecretFile.write(file, new byte[] {1});
    SecretFile.write(file, new byte[] {2, 3});
    assertArrayEquals(new byte[] {2, 3}, SecretFile.read(file).toByteArray());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(1, left.count());
    }
  }

  @Test
  void shouldReplaceWhatACrashedWriterLeft() throws IOException {
    Path file = directory.resolve("agent.key");
    Files.write(directory.resolve(".agent.key.tmp"), new byte[] {9});
    SecretFile.write(file, new byte[] {1});
    assertArrayEquals(new byte[] {1}, SecretFile.read(file).toByteArray());
  }

  @Test
  void shouldRefuseAKeyThatEverybodyCanRead() throws IOException {
    Path file = directory.resolve("agent.key");
    SecretFile.write(file, new byte[] {1});
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    String message = assertCode(ErrorCode.NOT_AUTHORISED, () -> SecretFile.read(file)).getMessage();
    assertTrue(message.contains("chmod 600"), message);
  }

  @Test
  void shouldReadAKeyThatAGroupMayRead() throws IOException {
    Path file = directory.resolve("agent.key");
    SecretFile.write(file, new byte[] {1});
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
    assertEquals(1, SecretFile.read(file).length());
  }

  @Test
  void shouldNameTheFileThatIsMissing() {
    Path file = directory.resolve("none");
    String message =
        assertCode(ErrorCode.KEY_UNAVAILABLE, () -> SecretFile.read(file)).getMessage();
    assertTrue(message.contains(file.toString()), message);
  }

  @Test
  void shouldFailWithoutTouchingTheOldFileWhenTheDirectoryIsGone() {
    assertCode(
        ErrorCode.IO, () -> SecretFile.write(directory.resolve("no/such/file"), new byte[1]));
  }

  @Test
  void shouldReadAPassphraseWithoutItsLineEnd() {
    for (String end : new String[] {"", "\n", "\r\n"}) {
      assertEquals("two words", readPassphrase("two words" + end));
    }
    assertEquals("ends in a space ", readPassphrase("ends in a space \n"));
    assertEquals("carriage\r", readPassphrase("carriage\r"));
  }

  @Test
  void shouldRefuseAnEmptyPassphraseFile() {
    for (String empty : new String[] {"", "\n", "\r\n"}) {
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> readPassphrase(empty));
    }
  }

  private String readPassphrase(String content) {
    Path file = directory.resolve("passphrase");
    SecretFile.write(file, content.getBytes(StandardCharsets.UTF_8));
    try (Passphrase passphrase = Passphrase.readFile(file)) {
      return new String(passphrase.bytes().toByteArray(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void shouldWipeWhatWasTyped() {
    char[] typed = "pässwörd 日本 𝄞".toCharArray();
    try (Passphrase passphrase = Passphrase.of(typed)) {
      assertEquals(
          "pässwörd 日本 𝄞", new String(passphrase.bytes().toByteArray(), StandardCharsets.UTF_8));
    }
    assertArrayEquals(new char[typed.length], typed);
  }

  @Test
  void shouldReadBackAServiceKeyAndRefuseOneOfAnotherLength() {
    Path file = directory.resolve("service.key");
    KeyFixture.service().writeFile(file);
    assertTrue(ServiceKey.readFile(file).key().sameAs(KeyFixture.service().key()));
    SecretFile.write(file, new byte[31]);
    assertCode(ErrorCode.MALFORMED, () -> ServiceKey.readFile(file));
  }
}
