package io.holdfast.coordinator.catalog.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RocksStoreTest extends KeyValueStoreContract {
  private static final RocksConfig SMALL = new RocksConfig(1 << 20, 1 << 20, 64, 1);

  @Override
  KeyValueStore open(Path directory) {
    return RocksStore.open(directory, FAMILIES, SMALL);
  }

  @Test
  void shouldReadACheckpointWithoutChangingItsFiles() throws IOException {
    put(PLAIN, "a", "1");
    Path target = directory.resolve("checkpoint");
    store().checkpoint(target);
    List<Path> before = files(target);
    try (RocksStore copy = RocksStore.openReadOnly(target, FAMILIES, SMALL)) {
      assertEquals(Optional.of("1"), get(copy, PLAIN, "a"));
      assertThrows(IllegalStateException.class, () -> copy.write(new Batch()));
      assertThrows(IllegalStateException.class, copy::flush);
    }
    assertEquals(before, files(target));
  }

  @Test
  void shouldNameADirectoryThatDoesNotOpenAsDamaged() throws IOException {
    put(PLAIN, "a", "1");
    store().flush();
    store().close();
    Files.writeString(directory.resolve("store/CURRENT"), "MANIFEST-999999\n");
    HoldfastException damaged = assertThrows(HoldfastException.class, this::reopen);
    assertEquals(ErrorCode.CATALOG_DAMAGED, damaged.code());
  }

  @Test
  void shouldNameAFlippedBlockAsDamagedWhenItIsRead() throws IOException {
    put(PLAIN, "a", "1");
    store().flush();
    store().close();
    for (Path file : files(directory.resolve("store"))) {
      if (file.toString().endsWith(".sst")) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[1] ^= 1;
        Files.write(file, bytes);
      }
    }
    reopen();
    HoldfastException damaged =
        assertThrows(HoldfastException.class, () -> store().get(PLAIN, bytes("a")));
    assertEquals(ErrorCode.CATALOG_DAMAGED, damaged.code());
  }

  @Test
  void shouldNameAMissingFileAsDamagedWhenItIsNeeded() throws IOException {
    put(PLAIN, "a", "1");
    store().flush();
    for (Path file : files(directory.resolve("store"))) {
      if (file.toString().endsWith(".sst")) {
        Files.delete(file);
      }
    }
    HoldfastException damaged =
        assertThrows(
            HoldfastException.class,
            () -> {
              reopen();
              store().get(PLAIN, bytes("a"));
            });
    assertEquals(ErrorCode.CATALOG_DAMAGED, damaged.code());
  }

  @Test
  void shouldRefuseCeilingsBelowWhatWorks() {
    assertThrows(IllegalArgumentException.class, () -> new RocksConfig(1, 1 << 20, 64, 1));
    assertThrows(IllegalArgumentException.class, () -> new RocksConfig(1 << 20, 1, 64, 1));
    assertThrows(IllegalArgumentException.class, () -> new RocksConfig(1 << 20, 1 << 20, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new RocksConfig(1 << 20, 1 << 20, 64, 0));
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(f -> !f.getFileName().toString().startsWith("LOG")).sorted().toList();
    }
  }
}
