package io.holdfast.agent.mariadb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.MariaDbSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tool prints is whole, or an error. */
@Timeout(60)
class ToolOutputTest {
  private static final MariaDbTools TOOLS =
      new MariaDbTools(Path.of("/dump"), Path.of("/backup"), Path.of("/scratch"));

  private static ToolOutput shell(String script) {
    return ToolOutput.start(List.of("/bin/sh", "-c", script));
  }

  private static byte[] all(ToolOutput output) throws InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[1_000];
    for (int count = output.read(some, 3, 997); count >= 0; count = output.read(some, 3, 997)) {
      all.write(some, 3, count);
    }
    return all.toByteArray();
  }

  @Test
  void shouldHandOutEverythingOfToolThatEndsWell() throws Exception {
    try (ToolOutput output = shell("echo one; echo aside >&2; sleep 0.1; echo two")) {
      assertArrayEquals("one\ntwo\n".getBytes(StandardCharsets.UTF_8), all(output));
      assertEquals(-1, output.read(new byte[1], 0, 1));
    }
    try (ToolOutput output = shell("head -c 5000000 /dev/zero")) {
      assertEquals(5_000_000, all(output).length);
    }
    try (ToolOutput output = shell("true")) {
      assertEquals(0, all(output).length);
    }
  }

  @Test
  void shouldFailWhateverCameBeforeIfTheToolFails() throws Exception {
    try (ToolOutput output = shell("echo half; echo 'no such table' >&2; exit 3")) {
      HoldfastException failed = assertThrows(HoldfastException.class, () -> all(output));
      assertEquals(ErrorCode.MARIADB_FAILED, failed.code());
      assertTrue(failed.getMessage().contains("status 3: no such table"), failed.getMessage());
    }
    try (ToolOutput output = shell("echo half; kill -9 $$")) {
      assertThrows(HoldfastException.class, () -> all(output));
    }
  }

  @Test
  void shouldNotBeHeldUpByWhatTheToolComplainsOf() throws Exception {
    try (ToolOutput output = shell("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo done")) {
      assertEquals(5, all(output).length);
    }
  }

  @Test
  void shouldEndToolThatNobodyReadsAnyMore() throws Exception {
    ToolOutput output = shell("exec yes");
    assertTrue(output.read(new byte[10], 0, 10) > 0);
    output.close();
    Thread.currentThread().interrupt();
    try (ToolOutput waiting = shell("exec sleep 1000")) {
      assertThrows(InterruptedException.class, () -> waiting.read(new byte[1], 0, 1));
    }
  }

  @Test
  void shouldSayWhichToolIsMissing() {
    HoldfastException missing =
        assertThrows(HoldfastException.class, () -> ToolOutput.start(List.of("/no/such/tool")));
    assertEquals(ErrorCode.MARIADB_FAILED, missing.code());
    assertTrue(missing.getMessage().contains("/no/such/tool"), missing.getMessage());
  }

  @Test
  void shouldRunToolsWithoutPasswordAndWithoutOptionsFromNames() {
    MariaDbSource.Builder order = MariaDbSource.newBuilder().setPasswordFile("/secret");
    List<String> backup = MariaDbDump.words(TOOLS, order.build());
    assertEquals(
        List.of("/backup", "--defaults-extra-file=/scratch/mariadb.cnf"), backup.subList(0, 2));
    assertTrue(backup.contains("--stream=xbstream"), backup::toString);
    List<String> dump =
        MariaDbDump.words(
            TOOLS, order.setDump(true).addDatabases("--plugin-dir=/tmp").addDatabases("b").build());
    assertEquals(
        List.of("--databases", "--", "--plugin-dir=/tmp", "b"),
        dump.subList(dump.size() - 4, dump.size()));
    assertTrue(dump.stream().noneMatch(word -> word.contains("/secret")), dump::toString);
    assertThrows(
        HoldfastException.class, () -> MariaDbDump.words(TOOLS, order.setSocket("/a\nb").build()));
  }
}
