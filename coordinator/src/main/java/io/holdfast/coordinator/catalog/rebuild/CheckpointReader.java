package io.holdfast.coordinator.catalog.rebuild;

import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.proto.stored.v1.CheckpointFile;
import io.holdfast.proto.stored.v1.CheckpointManifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads checkpoints and believes no byte of them that a hash doesn't vouch for: the manifest's
 * comes from the journal, each file's from the manifest. MALFORMED names the object that differs,
 * OBJECT_NOT_FOUND the one that is gone.
 */
final class CheckpointReader {
  static final int VERSION = 1;
  private static final int MANIFEST_BYTES_MAX = 64 << 20;
  private static final String FILE_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,254}";

  private final CheckpointObjects objects;

  CheckpointReader(CheckpointObjects objects) {
    this.objects = objects;
  }

  /** Seqs of the manifests that the vault lists, newest first. */
  List<Long> seqs() {
    return objects.list(CheckpointNames.PREFIX).stream()
        .map(CheckpointNames::seq)
        .filter(OptionalLong::isPresent)
        .map(OptionalLong::getAsLong)
        .sorted((left, right) -> Long.compare(right, left))
        .toList();
  }

  /** The manifest of {@code seq}, if its bytes have that hash. */
  CheckpointManifest manifest(long seq, Bytes32 sha256) {
    byte[] bytes = manifestBytes(seq);
    if (!Digests.sha256(bytes).equals(sha256)) {
      throw damaged(CheckpointNames.manifest(seq));
    }
    return parse(seq, bytes);
  }

  byte[] manifestBytes(long seq) {
    String name = CheckpointNames.manifest(seq);
    try (InputStream in = open(name)) {
      return in.readNBytes(MANIFEST_BYTES_MAX);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  static CheckpointManifest parse(long seq, byte[] bytes) {
    CheckpointManifest manifest;
    try {
      manifest = CheckpointManifest.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw damaged(CheckpointNames.manifest(seq));
    }
    if (manifest.getVersion() != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          CheckpointNames.manifest(seq)
              + " has version "
              + manifest.getVersion()
              + ", this coordinator reads "
              + VERSION
              + "; update it");
    }
    if (manifest.getSeq() != seq) {
      throw damaged(CheckpointNames.manifest(seq));
    }
    return manifest;
  }

  /** Reads a file's object to its end and compares its hash. */
  void verify(CheckpointFile file) {
    copy(file, OutputStream.nullOutputStream());
  }

  /** Writes all files of {@code manifest} into {@code directory}, which is empty. */
  void restore(CheckpointManifest manifest, Path directory) {
    for (CheckpointFile file : manifest.getFilesList()) {
      if (!file.getName().matches(FILE_NAME)) {
        throw damaged(CheckpointNames.manifest(manifest.getSeq()));
      }
      restore(file, directory.resolve(file.getName()));
    }
  }

  private void restore(CheckpointFile file, Path target) {
    try (OutputStream out = Files.newOutputStream(target)) {
      copy(file, out);
    } catch (IOException e) {
      throw Directories.failed("writing " + target, e);
    }
  }

  private void copy(CheckpointFile file, OutputStream out) {
    Bytes32 sha256 = sha256(file);
    String name = CheckpointNames.file(sha256);
    try (InputStream in = open(name)) {
      if (!Hashes.copy(in, out, file.getSize()).equals(sha256)) {
        throw damaged(name);
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private InputStream open(String name) {
    return objects
        .read(name)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.OBJECT_NOT_FOUND,
                name + " is gone from the vault; an older checkpoint or the journal serves"));
  }

  private static Bytes32 sha256(CheckpointFile file) {
    if (file.getSha256().size() != Bytes32.LENGTH) {
      throw damaged("a checkpoint's manifest");
    }
    return Bytes32.of(file.getSha256().toByteArray());
  }

  private static HoldfastException damaged(String name) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        name + " isn't what was written; delete it from the vault once a newer checkpoint stands");
  }

  private static HoldfastException unreadable(String name, IOException cause) {
    return new HoldfastException(
        ErrorCode.VAULT_UNAVAILABLE,
        "reading " + name + " failed: " + cause + "; try again",
        cause);
  }
}
