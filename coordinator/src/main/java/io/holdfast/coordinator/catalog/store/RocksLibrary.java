package io.holdfast.coordinator.catalog.store;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * Loads RocksDB's native code, once for the process. RocksDB itself unpacks 16 MB into the
 * directory for temporary files at each start and removes them at an orderly end only: a service
 * that is killed over and over would fill the disk. Here they are gone as soon as they are loaded.
 */
final class RocksLibrary {
  private static final String DIRECTORY = "holdfast-rocksdb-";

  private static boolean loaded;

  private RocksLibrary() {}

  /** IO if it can't be unpacked, or not be run where it was unpacked; the next call tries again. */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    try {
      Path directory = Files.createTempDirectory(DIRECTORY);
      try {
        NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
      } finally {
        delete(directory);
      }
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new HoldfastException(
          ErrorCode.IO,
          "RocksDB's native library can't be unpacked and loaded in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage()
              + "; make room there, or name a directory whose files may be executed by"
              + " HOLDFAST_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY",
          e);
    }
    RocksDB.loadLibrary(); // which finds it loaded
    loaded = true;
  }

  private static void delete(Path directory) throws IOException {
    List<Path> unpacked;
    try (Stream<Path> files = Files.list(directory)) {
      unpacked = files.toList();
    }
    for (Path file : unpacked) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
