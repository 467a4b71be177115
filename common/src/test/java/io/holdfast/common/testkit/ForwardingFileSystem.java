package io.holdfast.common.testkit;

import io.holdfast.common.seam.EntryVisitor;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.WritableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Hands every call on; a test overrides the one that lies. */
public class ForwardingFileSystem implements FileSystem {
  private final FileSystem target;

  public ForwardingFileSystem(FileSystem target) {
    this.target = target;
  }

  @Override
  public void list(Path directory, EntryVisitor visitor) throws IOException {
    target.list(directory, visitor);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    target.createDirectory(directory);
  }

  @Override
  public WritableFile createFile(Path file) throws IOException {
    return target.createFile(file);
  }

  @Override
  public ReadableFile openFile(Path file) throws IOException {
    return target.openFile(file);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    target.link(existing, name);
  }

  @Override
  public int linkCount(Path file) throws IOException {
    return target.linkCount(file);
  }

  @Override
  public boolean isSameFile(Path first, Path second) throws IOException {
    return target.isSameFile(first, second);
  }

  @Override
  public void replace(Path from, Path to) throws IOException {
    target.replace(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    target.delete(path);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    target.syncDirectory(directory);
  }

  @Override
  public long size(Path file) throws IOException {
    return target.size(file);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return target.exists(path);
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    return target.usableBytes(path);
  }

  @Override
  public Optional<HeldLock> tryLock(Path file) throws IOException {
    return target.tryLock(file);
  }
}
