package io.holdfast.coordinator.catalog.rebuild;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.proto.stored.v1.CheckpointFile;
import io.holdfast.proto.stored.v1.CheckpointManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes checkpoints in two steps: {@link #take} copies the catalog on disk, by hard links, on the
 * thread that owns it; {@link #publish} reads the copy and stores it, on any thread and at leisure.
 * What the copy holds is asked of the copy: the catalog may have gone on while it was taken.
 *
 * <p>Files are content-addressed, so checkpoints share what didn't change, and a writer that was
 * stopped midway is simply run again. Every object is read back before the manifest, which is
 * written last, names it.
 */
public final class CheckpointWriter {
  private final CheckpointObjects objects;
  private final StoreFactory stores;
  private final CheckpointReader reader;

  public CheckpointWriter(CheckpointObjects objects, StoreFactory stores) {
    this.objects = objects;
    this.stores = stores;
    this.reader = new CheckpointReader(objects);
  }

  /**
   * Copies {@code catalog} into {@code scratch}, which is emptied first and lies on the same file
   * system. For the catalog's owner thread.
   */
  public void take(Catalog catalog, Path scratch) {
    Directories.drop(scratch);
    Directories.create(scratch);
    catalog.checkpoint(copy(scratch));
  }

  /**
   * Stores the copy in {@code scratch}, then drops it. If another coordinator has stored a
   * checkpoint of the same seq, with the same content and whole, that one is the result.
   *
   * <p>Errors: the vault's; OBJECT_EXISTS if the seq is taken by a checkpoint of other content;
   * MALFORMED if an object doesn't read back as it was written.
   */
  public WrittenCheckpoint publish(Path scratch) {
    CheckpointManifest manifest = describe(copy(scratch));
    for (CheckpointFile file : manifest.getFilesList()) {
      objects.createIfAbsent(
          CheckpointNames.file(Bytes32.of(file.getSha256().toByteArray())),
          copy(scratch).resolve(file.getName()));
      reader.verify(file);
    }
    WrittenCheckpoint written = publish(manifest, scratch.resolve("manifest"));
    Directories.drop(scratch);
    return written;
  }

  private WrittenCheckpoint publish(CheckpointManifest manifest, Path file) {
    byte[] bytes = manifest.toByteArray();
    write(file, bytes);
    if (!objects.createIfAbsent(CheckpointNames.manifest(manifest.getSeq()), file)) {
      return adopt(manifest);
    }
    Bytes32 sha256 = Digests.sha256(bytes);
    return new WrittenCheckpoint(reader.manifest(manifest.getSeq(), sha256), sha256);
  }

  private WrittenCheckpoint adopt(CheckpointManifest own) {
    byte[] bytes = reader.manifestBytes(own.getSeq());
    CheckpointManifest other = CheckpointReader.parse(own.getSeq(), bytes);
    if (!other.getRecordHash().equals(own.getRecordHash())
        || !other.getCatalogDigest().equals(own.getCatalogDigest())) {
      throw new HoldfastException(
          ErrorCode.OBJECT_EXISTS,
          "checkpoint "
              + own.getSeq()
              + " exists in the vault with other content than this "
              + "coordinator's catalog; verify both by a rebuild");
    }
    other.getFilesList().forEach(reader::verify);
    return new WrittenCheckpoint(other, Digests.sha256(bytes));
  }

  private CheckpointManifest describe(Path copy) {
    CheckpointManifest.Builder manifest = CheckpointManifest.newBuilder();
    manifest.setVersion(CheckpointReader.VERSION);
    for (Path file : Directories.files(copy)) {
      // RocksDB's own log is no part of the catalog, and opening the copy would add to it.
      if (!file.getFileName().toString().startsWith("LOG")) {
        manifest.addFiles(describeFile(file));
      }
    }
    try (KeyValueStore store = stores.openReadOnly(copy);
        CatalogView view = CatalogView.of(store)) {
      return describe(view, manifest).build();
    }
  }

  private static CheckpointManifest.Builder describe(
      CatalogView view, CheckpointManifest.Builder manifest) {
    CatalogHead head =
        view.head()
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.UNAVAILABLE,
                    "the catalog has applied no record yet; there is nothing to checkpoint"));
    return manifest
        .setRepository(ByteString.copyFrom(view.repository().repository().toByteArray()))
        .setIncarnation(head.incarnation())
        .setSeq(head.seq())
        .setRecordHash(ByteString.copyFrom(head.hash().toByteArray()))
        .setCatalogDigest(ByteString.copyFrom(view.digest().toByteArray()));
  }

  private static CheckpointFile describeFile(Path file) {
    try {
      return CheckpointFile.newBuilder()
          .setName(file.getFileName().toString())
          .setSize(Files.size(file))
          .setSha256(ByteString.copyFrom(Hashes.of(file).toByteArray()))
          .build();
    } catch (IOException e) {
      throw Directories.failed("reading " + file, e);
    }
  }

  private static Path copy(Path scratch) {
    return scratch.resolve("copy");
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw Directories.failed("writing " + file, e);
    }
  }
}
