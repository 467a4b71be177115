package io.holdfast.coordinator.catalog.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksLibraryTest {
  private static final int KILLED = 137;

  @TempDir Path temporary;

  /** A process that opens a store and is killed, or says why it can't. */
  static final class Killed {
    private Killed() {}

    public static void main(String[] arguments) {
      try {
        RocksStore.open(Path.of(arguments[0]), List.of(), RocksConfig.defaults()).flush();
      } catch (HoldfastException e) {
        System.out.println(e.code() + " " + e.getMessage());
      }
      Runtime.getRuntime().halt(KILLED);
    }
  }

  private static String printed(Path temporary, Path store) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName(),
                store.resolve("catalog").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(KILLED, process.waitFor());
    return printed;
  }

  @Test
  void shouldLeaveNothingUnpackedInAProcessThatIsKilled(@TempDir Path store) throws Exception {
    assertEquals("", printed(temporary, store));
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void shouldSayWhereItCannotBeUnpacked(@TempDir Path store) throws Exception {
    Path nowhere = temporary.resolve("nowhere");
    String printed = printed(nowhere, store);
    assertTrue(printed.startsWith("IO RocksDB's native library"), printed);
    assertTrue(printed.contains(nowhere.toString()), printed);
  }
}
