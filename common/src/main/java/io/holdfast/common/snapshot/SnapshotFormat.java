package io.holdfast.common.snapshot;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/** Ids, digests and statements of snapshots, byte for byte as FORMAT.md says. */
public final class SnapshotFormat {
  private static final byte[] SNAPSHOT_LABEL = ascii("holdfast v1 snapshot");
  private static final byte[] ROOT_INFO = ascii("holdfast v1 root");

  private SnapshotFormat() {}

  /** SHA-256("holdfast v1 snapshot" || host || run || root). */
  public static SnapshotId snapshotId(HostId host, RunId run, ChunkId root) {
    MessageDigest sha256 = Digests.newSha256();
    sha256.update(SNAPSHOT_LABEL);
    sha256.update(host.toByteArray());
    sha256.update(run.toByteArray());
    sha256.update(root.toByteArray());
    return SnapshotId.of(sha256.digest());
  }

  /** SHA-256 over each source path, ascending as unsigned bytes, as length (4) and bytes. */
  public static Bytes32 sourceSet(List<byte[]> sources) {
    MessageDigest sha256 = Digests.newSha256();
    for (byte[] source : sources.stream().sorted(Arrays::compareUnsigned).toList()) {
      sha256.update(ByteBuffer.allocate(4).putInt(source.length).array());
      sha256.update(source);
    }
    return Bytes32.of(sha256.digest());
  }

  /** What the agent's signature of a commit covers, behind its domain's label. */
  public static byte[] commitStatement(
      RepositoryId repository,
      HostId host,
      RunId run,
      ChunkId root,
      long hostTimeMillis,
      Bytes32 uploadsDigest,
      Bytes32 sourceSet) {
    return ByteBuffer.allocate(16 + 16 + 16 + 32 + 8 + 32 + 32)
        .put(repository.toByteArray())
        .put(host.toByteArray())
        .put(run.toByteArray())
        .put(root.toByteArray())
        .putLong(hostTimeMillis)
        .put(uploadsDigest.toByteArray())
        .put(sourceSet.toByteArray())
        .array();
  }

  /** HPKE's info when a root's K is sealed. */
  public static byte[] rootInfo() {
    return ROOT_INFO.clone();
  }

  /** HPKE's AAD when a root's K is sealed: repository, host, run, root id. */
  public static byte[] rootAad(RepositoryId repository, HostId host, RunId run, ChunkId root) {
    return ByteBuffer.allocate(16 + 16 + 16 + 32)
        .put(repository.toByteArray())
        .put(host.toByteArray())
        .put(run.toByteArray())
        .put(root.toByteArray())
        .array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
