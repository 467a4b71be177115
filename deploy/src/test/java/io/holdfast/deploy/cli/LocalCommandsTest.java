package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.deploy.cli.LocalOperations.InitReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommandsTest {
  @TempDir Path directory;

  private final LocalCommands local = new LocalCommands(Time.system(), Randomness.secure());
  private Path vault;

  @BeforeEach
  void makeVaultsDirectory() throws IOException {
    vault = Files.createDirectory(directory.resolve("vault"));
  }

  private InitReport init(Path dataDir) {
    String text =
        """
        version: 1
        data_dir: %s
        vault:
          directory: %s
        """
            .formatted(dataDir, vault);
    CoordinatorConfig config =
        new ConfigLoader<>(CoordinatorConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
    PassphraseSource passphrase = new PassphraseSource.Typed("correct horse battery".toCharArray());
    return local.init(new LocalOperations.InitRequest(config, "fleet", passphrase, false));
  }

  private HoldfastException refused(Path dataDir) {
    return assertThrows(HoldfastException.class, () -> init(dataDir));
  }

  @Test
  void shouldMakeNoVaultWhereNoDirectoryIs() throws IOException {
    Files.delete(vault);
    HoldfastException thrown = refused(directory.resolve("data"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, thrown.code());
    assertTrue(thrown.getMessage().contains("mkdir " + vault), thrown.getMessage());
    assertFalse(Files.exists(vault));
  }

  @Test
  void shouldLeaveTheVaultEmptyWhenTheCoordinatorsDirectoryCannotBeMade() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    HoldfastException thrown = refused(file.resolve("data"));
    assertEquals(ErrorCode.IO, thrown.code());
    assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
    try (Stream<Path> found = Files.list(vault)) {
      assertEquals(List.of(), found.toList());
    }
    assertTrue(Files.exists(init(directory.resolve("data")).kit()));
  }

  @Test
  void shouldTellAVaultThatWasNeverFinishedFromOneInUse() throws IOException {
    var _ = init(directory.resolve("data"));
    HoldfastException inUse = refused(directory.resolve("other"));
    assertEquals(ErrorCode.OBJECT_EXISTS, inUse.code());
    assertTrue(inUse.getMessage().contains("holds a vault already"), inUse.getMessage());
    try (Stream<Path> records = Files.walk(vault.resolve("journal"))) {
      for (Path record : records.filter(Files::isRegularFile).toList()) {
        Files.delete(record);
      }
    }
    HoldfastException unfinished = refused(directory.resolve("other"));
    assertEquals(ErrorCode.OBJECT_EXISTS, unfinished.code());
    assertTrue(unfinished.getMessage().contains("never finished"), unfinished.getMessage());
  }
}
