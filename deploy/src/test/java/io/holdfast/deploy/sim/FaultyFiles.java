package io.holdfast.deploy.sim;

import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.common.testkit.DiskFault;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.ForwardingFileSystem;
import io.holdfast.common.testkit.LossyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.random.RandomGenerator;

/**
 * One machine's mount of the vault's disk on which calls fail by chance: before or after they took
 * effect, a write torn, a sync for good. Syncs of the journal's directory are left whole: on a real
 * disk the file system doesn't go on after one that failed, which is the power cut's business here.
 */
final class FaultyFiles extends ForwardingFileSystem {
  /** Syncs fail so much oftener: they are few, and the calls whose failures cost most. */
  private static final int SYNC_SHARE = 8;

  private final LossyDisk disk;
  private final RandomGenerator random;
  private int perThousand;

  FaultyFiles(FileSystem target, LossyDisk disk, RandomGenerator random) {
    super(target);
    this.disk = disk;
    this.random = random;
  }

  /** So many of a thousand calls fail from now on. */
  void fail(int perThousandCalls) {
    perThousand = perThousandCalls;
  }

  private void mayFail(FileOperation operation) {
    mayFail(operation, perThousand);
  }

  private void mayFail(FileOperation operation, int ofThousand) {
    if (ofThousand > 0 && random.nextInt(1000) < ofThousand) {
      boolean happens = random.nextBoolean() && operation != FileOperation.SYNC_FILE;
      disk.arm(new DiskFault(EnumSet.of(operation), 1, false, DiskFault.Errno.EIO, happens));
    }
  }

  @Override
  public WritableFile createFile(Path file) throws IOException {
    mayFail(FileOperation.CREATE_FILE);
    return new Writable(super.createFile(file));
  }

  @Override
  public ReadableFile openFile(Path file) throws IOException {
    mayFail(FileOperation.OPEN_FILE);
    return super.openFile(file);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    mayFail(FileOperation.LINK);
    super.link(existing, name);
  }

  @Override
  public int linkCount(Path file) throws IOException {
    mayFail(FileOperation.LINK_COUNT);
    return super.linkCount(file);
  }

  @Override
  public void delete(Path path) throws IOException {
    mayFail(FileOperation.DELETE);
    super.delete(path);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (!directory.endsWith("journal")) {
      mayFail(FileOperation.SYNC_DIRECTORY);
    }
    super.syncDirectory(directory);
  }

  private final class Writable implements WritableFile {
    private final WritableFile target;

    Writable(WritableFile target) {
      this.target = target;
    }

    @Override
    public void append(ByteBuffer... buffers) throws IOException {
      mayFail(FileOperation.WRITE);
      target.append(buffers);
    }

    @Override
    public void write(long position, ByteBuffer buffer) throws IOException {
      mayFail(FileOperation.WRITE);
      target.write(position, buffer);
    }

    @Override
    public long size() {
      return target.size();
    }

    @Override
    public void sync() throws IOException {
      mayFail(FileOperation.SYNC_FILE, SYNC_SHARE * perThousand);
      target.sync();
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }
}
