package io.holdfast.coordinator.vault;

import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Time;
import io.holdfast.common.testkit.LossyDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The directory vault passes the contract on the real file system and on the lossy one. */
class DirectoryVaultContractTest {
  abstract static class OnAFileSystem extends VaultContract {
    private static final RepositoryId REPOSITORY = new RepositoryId(new UUID(1, 2));
    private Vault first;
    private Vault second;

    abstract FileSystem firstView();

    abstract FileSystem secondView();

    abstract Path root();

    @BeforeEach
    void openBoth() {
      first = DirectoryVault.create(firstView(), new Random(1)::nextBytes, root(), REPOSITORY);
      second = DirectoryVault.open(secondView(), new Random(2)::nextBytes, root(), REPOSITORY);
    }

    @AfterEach
    void closeBoth() {
      first.close();
      second.close();
    }

    @Override
    protected Vault vault() {
      return first;
    }

    @Override
    protected Vault otherMember() {
      return second;
    }
  }

  @Nested
  class OnTheLocalFileSystem extends OnAFileSystem {
    @TempDir private Path directory;

    @Override
    FileSystem firstView() {
      return FileSystem.local();
    }

    @Override
    FileSystem secondView() {
      return FileSystem.local();
    }

    @Override
    Path root() {
      return directory.resolve("vault");
    }
  }

  @Nested
  class OnALossyFileSystem extends OnAFileSystem {
    private final LossyDisk disk = LossyDisk.seeded(1);

    @Override
    FileSystem firstView() {
      return disk.mount();
    }

    @Override
    FileSystem secondView() {
      return disk.mount();
    }

    @Override
    Path root() {
      return Path.of("/vault");
    }
  }

  @Nested
  class BehindRetries extends OnALossyFileSystem {
    @Override
    protected Vault vault() {
      return new RetryingVault(super.vault(), Time.system(), 3, Duration.ZERO);
    }
  }
}
