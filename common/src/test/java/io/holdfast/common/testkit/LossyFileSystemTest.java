package io.holdfast.common.testkit;

import io.holdfast.common.seam.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;

class LossyFileSystemTest extends FileSystemContract {
  private final LossyFileSystem fileSystem = LossyDisk.seeded(1).mount();

  @BeforeEach
  void makeDirectory() throws IOException {
    fileSystem.createDirectory(Path.of("/dir"));
  }

  @Override
  protected FileSystem fileSystem() {
    return fileSystem;
  }

  @Override
  protected Path directory() {
    return Path.of("/dir");
  }
}
