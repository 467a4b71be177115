package io.holdfast.coordinator.vault;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.VaultId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a directory into a vault: the marker, claimed like any object, is the last thing written.
 * Of several founders one wins; one that crashed left nothing but tmp/, and the next goes on from
 * there.
 */
final class DirectoryFounding {
  private static final Set<String> NOT_IN_THE_WAY =
      Set.of(ObjectName.TEMPORARY, ObjectName.MARKER, "lost+found");

  /** What messages call the marker, whose own name is no object's. */
  private static final ObjectName MARKER_LABEL = ObjectName.of("vault-marker");

  private final FileSystem fileSystem;
  private final Randomness randomness;
  private final Path root;
  private final Path marker;

  DirectoryFounding(FileSystem fileSystem, Randomness randomness, Path root) {
    this.fileSystem = fileSystem;
    this.randomness = randomness;
    this.root = root;
    this.marker = root.resolve(ObjectName.MARKER);
  }

  /** The marker's bytes, or empty if there is none. */
  Optional<byte[]> readMarker() throws IOException {
    try (ObjectReader reader = DirectoryObjectReader.open(fileSystem, MARKER_LABEL, marker)) {
      if (reader.size() > VaultMarker.MAX_BYTES) {
        throw VaultMarker.foreign(root.toString(), "its vault.json isn't Holdfast's", null);
      }
      byte[] content = new byte[(int) reader.size()];
      reader.read(0, ByteBuffer.wrap(content));
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  DirectoryVault found(RepositoryId repository) {
    try {
      prepareRoot();
      checkUnused();
      VaultIdentity identity = new VaultIdentity(VaultId.of(randomness.bytes(16)), repository);
      claim(VaultMarker.encode(identity));
    } catch (IOException e) {
      throw VaultErrors.failed("make a vault at " + root, e);
    }
    return DirectoryVault.open(fileSystem, randomness, root, repository);
  }

  private void prepareRoot() throws IOException {
    boolean madeBefore = false;
    try {
      fileSystem.createDirectory(root);
    } catch (FileAlreadyExistsException usual) {
      madeBefore = true;
    }
    try {
      fileSystem.syncDirectory(root.getParent());
    } catch (AccessDeniedException e) {
      // A directory that an administrator made for us below one that we may not read.
      if (!madeBefore) {
        throw e;
      }
    }
  }

  private void checkUnused() throws IOException {
    if (readMarker().isPresent()) {
      throw alreadyFounded();
    }
    fileSystem.list(
        root,
        (name, _) -> {
          if (!NOT_IN_THE_WAY.contains(name)) {
            throw VaultMarker.foreign(
                root.toString(), "it holds '" + name + "' and is no vault; use an empty one", null);
          }
          return true;
        });
  }

  private void claim(byte[] content) throws IOException {
    DurableDirectories directories = new DurableDirectories(fileSystem, root);
    Path temporary = root.resolve(ObjectName.TEMPORARY);
    directories.prepare(temporary);
    WriterDirectory writer = WriterDirectory.open(fileSystem, randomness, temporary);
    try (DirectoryObjectWriter object =
        new DirectoryObjectWriter(
            fileSystem, directories, ObjectName.of("vault-marker"), writer.newFile(), marker)) {
      object.append(ByteBuffer.wrap(content));
      settle(object.publish());
    } finally {
      writer.close();
    }
  }

  private void settle(CreateOutcome outcome) throws IOException {
    switch (outcome) {
      case CreateOutcome.Created _ -> {}
      case CreateOutcome.Exists _ -> throw alreadyFounded();
      case CreateOutcome.Unknown unknown -> {
        if (readMarker().isPresent()) {
          throw unknown.cause();
        }
        throw new HoldfastException(
            ErrorCode.VAULT_UNSUITABLE,
            "No vault can be made at "
                + root
                + ": its file system made no hard link. Use ext4, XFS, btrfs or NFSv4.",
            unknown.cause());
      }
    }
  }

  private HoldfastException alreadyFounded() {
    return new HoldfastException(
        ErrorCode.OBJECT_EXISTS,
        root + " holds a vault already; it was left as it is. Open it, or choose another place.");
  }
}
