package io.holdfast.common.testkit;

import io.holdfast.common.seam.EntryVisitor;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.WritableFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/** One process's view of a {@link LossyDisk}. Paths are absolute; "/" is always there. */
public final class LossyFileSystem implements FileSystem {
  private final LossyDisk disk;
  private volatile boolean dead;

  LossyFileSystem(LossyDisk disk) {
    this.disk = disk;
  }

  public LossyDisk disk() {
    return disk;
  }

  /**
   * The process dies: its locks end and every further call of it fails; what it wrote stays in the
   * page cache.
   */
  public void kill() {
    dead = true;
    disk.unlockAll(this);
  }

  <T> T perform(FileOperation operation, Path path, LossyDisk.Action<T> action) throws IOException {
    if (dead) {
      throw new FileSystemException(path.toString(), null, "the process is dead");
    }
    return disk.perform(operation, path, action);
  }

  @Override
  public void list(Path directory, EntryVisitor visitor) throws IOException {
    var entries =
        perform(
            FileOperation.LIST,
            directory,
            () -> new TreeMap<>(disk.directory(directory).entries()));
    for (var entry : entries.entrySet()) {
      if (!visitor.visit(entry.getKey(), entry.getValue() instanceof DiskNode.Directory)) {
        return;
      }
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    perform(
        FileOperation.CREATE_DIRECTORY,
        directory,
        () -> {
          add(directory, new DiskNode.Directory());
          return null;
        });
  }

  private void add(Path path, DiskNode node) throws IOException {
    DiskNode.Directory parent = disk.directory(path.getParent());
    if (parent.entries().containsKey(nameOf(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    parent.set(nameOf(path), Optional.of(node));
  }

  private static String nameOf(Path path) {
    return path.getFileName().toString();
  }

  @Override
  public WritableFile createFile(Path file) throws IOException {
    return perform(FileOperation.CREATE_FILE, file, () -> opened(file, newFile(file)));
  }

  private DiskNode.File newFile(Path file) throws IOException {
    DiskNode.File node = new DiskNode.File();
    add(file, node);
    node.links = 1;
    return node;
  }

  private WritableFile opened(Path path, DiskNode.File node) {
    return new LossyWritableFile(this, path, node);
  }

  @Override
  public ReadableFile openFile(Path file) throws IOException {
    return perform(
        FileOperation.OPEN_FILE, file, () -> new LossyReadableFile(this, file, disk.file(file)));
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    perform(
        FileOperation.LINK,
        name,
        () -> {
          DiskNode.File node = disk.file(existing);
          add(name, node);
          node.links++;
          return null;
        });
  }

  @Override
  public int linkCount(Path file) throws IOException {
    return perform(FileOperation.LINK_COUNT, file, () -> disk.file(file).links);
  }

  @Override
  public boolean isSameFile(Path first, Path second) throws IOException {
    return perform(
        FileOperation.SAME_FILE, first, () -> disk.file(first).equals(disk.file(second)));
  }

  @Override
  public void replace(Path from, Path to) throws IOException {
    perform(
        FileOperation.REPLACE,
        to,
        () -> {
          DiskNode.File node = disk.file(from);
          if (disk.find(to) instanceof DiskNode.File displaced) {
            displaced.links--;
          }
          disk.directory(to.getParent()).set(nameOf(to), Optional.of(node));
          disk.directory(from.getParent()).set(nameOf(from), Optional.empty());
          return null;
        });
  }

  @Override
  public void delete(Path path) throws IOException {
    perform(
        FileOperation.DELETE,
        path,
        () -> {
          deleteNow(path);
          return null;
        });
  }

  private void deleteNow(Path path) throws IOException {
    switch (disk.find(path)) {
      case null -> throw new NoSuchFileException(path.toString());
      case DiskNode.File file -> file.links--;
      case DiskNode.Directory directory -> {
        if (!directory.entries().isEmpty()) {
          throw new DirectoryNotEmptyException(path.toString());
        }
      }
    }
    disk.directory(path.getParent()).set(nameOf(path), Optional.empty());
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    perform(FileOperation.SYNC_DIRECTORY, directory, new Sync(() -> disk.directory(directory)));
  }

  /** Finds a node and makes it durable; or fails, as Linux fails: what was dirty is forgotten. */
  record Sync(LossyDisk.Action<? extends DiskNode> node) implements LossyDisk.Action<Void> {
    @Override
    public Void run() throws IOException {
      node.run().sync();
      return null;
    }

    @Override
    public void fail() throws IOException {
      node.run().dropPending();
    }
  }

  @Override
  public long size(Path file) throws IOException {
    return perform(FileOperation.SIZE, file, () -> (long) disk.file(file).bytes().length);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return perform(FileOperation.EXISTS, path, () -> disk.find(path) != null);
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    return perform(
        FileOperation.USABLE_BYTES,
        path,
        () -> {
          if (disk.find(path) == null) {
            throw new NoSuchFileException(path.toString());
          }
          return disk.usableBytes();
        });
  }

  @Override
  public Optional<HeldLock> tryLock(Path file) throws IOException {
    return perform(FileOperation.LOCK, file, () -> lockNow(file));
  }

  private Optional<HeldLock> lockNow(Path file) throws IOException {
    DiskNode.File node = disk.find(file) == null ? newFile(file) : disk.file(file);
    return disk.lock(node, this) ? Optional.of(() -> disk.unlock(node, this)) : Optional.empty();
  }
}
