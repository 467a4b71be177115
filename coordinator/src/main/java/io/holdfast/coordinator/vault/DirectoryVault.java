package io.holdfast.coordinator.vault;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A vault in a directory of a local file system or NAS mount.
 *
 * <pre>
 * vault.json          the marker ({@link VaultMarker})
 * tmp/                unpublished files ({@link WriterDirectory})
 * journal/...  packs/ab/...   objects, each under its own name
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>I1 A file under an object's name was complete and synced before it got that name, and is
 *       never opened for writing again.
 *   <li>I2 Created and Exists are answered only after a sync of the directory that holds the name.
 *   <li>I3 Absence is reported only while the marker is there: an unmounted NAS leaves an empty
 *       directory, in which everything seems deleted.
 *   <li>I4 An instance that only reads writes nothing: its own place below tmp/ is made, and dead
 *       writers' are swept, at the first write.
 * </ul>
 */
public final class DirectoryVault implements Vault {
  private final FileSystem fileSystem;
  private final Randomness randomness;
  private final Path root;
  private final DurableDirectories directories;
  private final VaultIdentity identity;
  private WriterDirectory writer;
  private boolean closed;

  private DirectoryVault(
      FileSystem fileSystem, Randomness randomness, Path root, VaultIdentity identity) {
    this.fileSystem = fileSystem;
    this.randomness = randomness;
    this.root = root;
    this.directories = new DurableDirectories(fileSystem, root);
    this.identity = identity;
  }

  /**
   * Makes a new vault in a directory that is missing or empty, and opens it. After a failure the
   * same call can be repeated.
   *
   * @throws HoldfastException OBJECT_EXISTS if a vault is there already, VAULT_FOREIGN if anything
   *     else is, VAULT_UNSUITABLE if the file system has no hard links, VAULT_FULL,
   *     VAULT_UNAVAILABLE
   */
  public static DirectoryVault create(
      FileSystem fileSystem, Randomness randomness, Path root, RepositoryId repository) {
    return new DirectoryFounding(fileSystem, randomness, root).found(repository);
  }

  /**
   * Opens the vault of a repository.
   *
   * @throws HoldfastException VAULT_FOREIGN if there is no vault or it is another repository's,
   *     UNKNOWN_VERSION, VAULT_UNAVAILABLE
   */
  public static DirectoryVault open(
      FileSystem fileSystem, Randomness randomness, Path root, RepositoryId repository) {
    DirectoryVault vault = open(fileSystem, randomness, root);
    RepositoryId found = vault.identity.repository();
    if (!found.equals(repository)) {
      vault.close();
      throw VaultMarker.foreign(
          root.toString(), "it belongs to repository " + found + ", not " + repository, null);
    }
    return vault;
  }

  /** Opens whatever vault is there, for recovery; fails as the other {@code open} does. */
  public static DirectoryVault open(FileSystem fileSystem, Randomness randomness, Path root) {
    String place = root.toString();
    try {
      byte[] marker =
          new DirectoryFounding(fileSystem, randomness, root)
              .readMarker()
              .orElseThrow(() -> VaultMarker.foreign(place, "it has no vault.json", null));
      return new DirectoryVault(fileSystem, randomness, root, VaultMarker.decode(place, marker));
    } catch (IOException e) {
      throw VaultErrors.failed("open the vault at " + place, e);
    }
  }

  /**
   * Tells {@code listener} when the sync of a directory fails: this instance then refuses to write
   * there for good, and only a new one, opened after somebody looked at the disk, can go on.
   */
  public void onFailedSync(Consumer<HoldfastException> listener) {
    directories.onFailure(
        cause -> listener.accept(VaultErrors.failed("trust the vault at " + root, cause)));
  }

  @Override
  public VaultIdentity identity() {
    return identity;
  }

  @Override
  public CreateOutcome create(ObjectName name, ByteBuffer... content) {
    try (DirectoryObjectWriter object = openWriter(name)) {
      object.append(Arrays.stream(content).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new));
      return object.publish();
    }
  }

  @Override
  public ObjectWriter newObject(ObjectName name) {
    return openWriter(name);
  }

  private DirectoryObjectWriter openWriter(ObjectName name) {
    WriterDirectory place = writer();
    try {
      return new DirectoryObjectWriter(
          fileSystem, directories, name, place.newFile(), pathOf(name));
    } catch (NoSuchFileException swept) {
      leave(place);
      throw VaultErrors.failed("begin object " + name, swept);
    } catch (IOException e) {
      throw VaultErrors.failed("begin object " + name, e);
    }
  }

  /** Our place was taken for a dead writer's, or the mount is gone: the next write looks anew. */
  private synchronized void leave(WriterDirectory place) {
    if (writer == place) {
      writer = null;
      place.close();
    }
  }

  private synchronized WriterDirectory writer() {
    if (closed) {
      throw new IllegalStateException("vault " + identity.vault() + " is closed");
    }
    if (writer == null) {
      writer = newWriter();
    }
    return writer;
  }

  private WriterDirectory newWriter() {
    try {
      if (!fileSystem.exists(root.resolve(ObjectName.MARKER))) {
        throw markerMissing();
      }
      Path temporary = root.resolve(ObjectName.TEMPORARY);
      directories.prepare(temporary);
      return WriterDirectory.open(fileSystem, randomness, temporary);
    } catch (IOException e) {
      throw VaultErrors.failed("begin writing to " + root, e);
    }
  }

  @Override
  public Optional<byte[]> find(ObjectName name, int maxBytes) {
    return findReader(name)
        .map(reader -> {
          try (reader) {
            return readAll(reader, maxBytes);
          }
        });
  }

  private static byte[] readAll(ObjectReader reader, int maxBytes) {
    if (reader.size() > maxBytes) {
      throw VaultErrors.tooLarge(reader.name(), reader.size(), maxBytes);
    }
    byte[] content = new byte[(int) reader.size()];
    reader.read(0, ByteBuffer.wrap(content));
    return content;
  }

  @Override
  public ObjectReader open(ObjectName name) {
    return findReader(name).orElseThrow(() -> VaultErrors.notFound(this, name));
  }

  private Optional<ObjectReader> findReader(ObjectName name) {
    try {
      return Optional.of(DirectoryObjectReader.open(fileSystem, name, pathOf(name)));
    } catch (NoSuchFileException e) {
      confirmAbsence();
      return Optional.empty();
    } catch (IOException e) {
      throw VaultErrors.failed("open object " + name, e);
    }
  }

  @Override
  public OptionalLong size(ObjectName name) {
    try {
      return OptionalLong.of(fileSystem.size(pathOf(name)));
    } catch (NoSuchFileException e) {
      confirmAbsence();
      return OptionalLong.empty();
    } catch (IOException e) {
      throw VaultErrors.failed("look at object " + name, e);
    }
  }

  @Override
  public void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
    String start = startAfter.map(ObjectName::value).orElse("");
    DirectoryListing listing =
        new DirectoryListing(fileSystem, root, start, visitor, DirectoryListing.NAMES_PER_PAGE);
    try {
      if (listing.show(prefix) && prefix.equals(ObjectPrefix.ALL)) {
        confirmAbsence();
      }
    } catch (NoSuchFileException e) {
      confirmAbsence();
    } catch (IOException e) {
      throw VaultErrors.failed("list objects below '" + prefix + "'", e);
    }
  }

  @Override
  public void delete(ObjectName name) {
    Path path = pathOf(name);
    try {
      fileSystem.delete(path);
      directories.sync(path.getParent());
    } catch (NoSuchFileException e) {
      confirmAbsence();
      syncAbsence(name, path.getParent());
    } catch (IOException e) {
      throw VaultErrors.failed("delete object " + name, e);
    }
  }

  /** The name may be gone by an earlier delete that was never synced. */
  private void syncAbsence(ObjectName name, Path directory) {
    try {
      if (fileSystem.exists(directory)) {
        directories.sync(directory);
      }
    } catch (IOException e) {
      throw VaultErrors.failed("delete object " + name, e);
    }
  }

  @Override
  public long usableBytes() {
    try {
      return fileSystem.usableBytes(root);
    } catch (IOException e) {
      throw VaultErrors.failed("ask for the free space of " + root, e);
    }
  }

  /** I3. */
  private void confirmAbsence() {
    try {
      if (!fileSystem.exists(root.resolve(ObjectName.MARKER))) {
        throw markerMissing();
      }
    } catch (IOException e) {
      throw VaultErrors.failed("find the marker of the vault at " + root, e);
    }
  }

  private HoldfastException markerMissing() {
    return new HoldfastException(
        ErrorCode.VAULT_UNAVAILABLE,
        "The vault at " + root + " has lost its vault.json: is the file system still mounted?");
  }

  private Path pathOf(ObjectName name) {
    return root.resolve(name.value());
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }
}
