package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.RestoreKeys;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.Secret;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.wire.v1.OpenRead;
import io.holdfast.proto.wire.v1.ReadOpened;

/**
 * Opens snapshots at a coordinator, to be restored here. Any thread; each snapshot is its opener's.
 */
public final class SnapshotReads {
  private final SessionLinks links;
  private final RepositoryId repository;
  private final HostKeyPair encryptionKey;
  private final ChunkGenerations generations;
  private final PageCache cache;

  /** As the constructor below, with sessions as calls on {@code channel}. */
  public SnapshotReads(
      CoordinatorChannel channel,
      RepositoryId repository,
      HostKeyPair encryptionKey,
      ChunkGenerations generations,
      PageCache cache) {
    this(new ChannelLinks(channel), repository, encryptionKey, generations, cache);
  }

  /**
   * Opens by this host's keys.
   *
   * @param encryptionKey opens the root's key, for own snapshots and granted ones alike
   * @param generations those this host was granted, and what it can fetch
   */
  public SnapshotReads(
      SessionLinks links,
      RepositoryId repository,
      HostKeyPair encryptionKey,
      ChunkGenerations generations,
      PageCache cache) {
    this.links = links;
    this.repository = repository;
    this.encryptionKey = encryptionKey;
    this.generations = generations;
    this.cache = cache;
  }

  /**
   * Opens a snapshot of this host, or one that a grant names.
   *
   * @param grant empty for an own snapshot
   * @throws HoldfastException SNAPSHOT_NOT_FOUND, NOT_AUTHORISED, and what makes a call fail
   */
  public OpenSnapshot open(SnapshotId snapshot, byte[] grant) throws InterruptedException {
    return open(snapshot, grant, new byte[0]);
  }

  /**
   * As {@link #open(SnapshotId, byte[])}, with keys that came with the grant.
   *
   * @param sealedKeys of another host of a private repository, sealed to this one; else empty
   * @throws HoldfastException MALFORMED if they are for another snapshot or host, too
   */
  public OpenSnapshot open(SnapshotId snapshot, byte[] grant, byte[] sealedKeys)
      throws InterruptedException {
    ReadStream stream = new ReadStream(links.read());
    boolean opened = false;
    try {
      ReadOpened opening = stream.open(request(snapshot, grant));
      Opening keys = sealedKeys.length == 0 ? own(opening) : granted(snapshot, opening, sealedKeys);
      SnapshotStream content =
          new SnapshotStream(
              stream,
              new ChunkOpener(keys.generations()),
              cache,
              new PageWays(),
              ways -> beside(request(snapshot, grant), keys.generations(), ways));
      opened = true;
      return new OpenSnapshot(content, keys.root(), keys.generations().all());
    } finally {
      if (!opened) {
        stream.close();
      }
    }
  }

  /** What opens a snapshot, and what it leads to. */
  private record Opening(Reference root, ChunkGenerations generations) {}

  private Opening own(ReadOpened opening) {
    ReadStream.learn(opening, generations);
    return new Opening(root(opening), generations);
  }

  private Opening granted(SnapshotId snapshot, ReadOpened opening, byte[] sealedKeys) {
    HostId reader = HostId.of(opening.getAadHost().toByteArray());
    try (RestoreKeys keys =
        RestoreKeys.open(repository, snapshot, reader, encryptionKey, sealedKeys)) {
      return new Opening(
          new Reference(ChunkKind.PAGE, keys.rootKey()),
          ChunkGenerations.of(ChunkKeys.allOf(repository, keys.generations())));
    }
  }

  /** One more session, whose pages have been opened by the first. */
  private SnapshotStream beside(OpenRead request, ChunkGenerations opening, PageWays ways)
      throws InterruptedException {
    ReadStream stream = new ReadStream(links.read());
    boolean opened = false;
    try {
      stream.open(request);
      opened = true;
      return new SnapshotStream(stream, new ChunkOpener(opening), cache, ways, null);
    } finally {
      if (!opened) {
        stream.close();
      }
    }
  }

  private static OpenRead request(SnapshotId snapshot, byte[] grant) {
    return OpenRead.newBuilder()
        .setSnapshot(ByteString.copyFrom(snapshot.toByteArray()))
        .setGrant(ByteString.copyFrom(grant))
        .build();
  }

  private Reference root(ReadOpened opened) {
    byte[] aad =
        SnapshotFormat.rootAad(
            repository,
            HostId.of(opened.getAadHost().toByteArray()),
            RunId.of(opened.getAadRun().toByteArray()),
            ChunkId.of(opened.getRoot().toByteArray()));
    try (Secret k =
        SealedBox.open(
            encryptionKey, SnapshotFormat.rootInfo(), aad, opened.getRootForHost().toByteArray())) {
      return new Reference(ChunkKind.PAGE, Bytes32.of(k.toByteArray()));
    } catch (HoldfastException e) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "this host's encryption key does not open the snapshot: it was sealed to another one;"
              + " have it granted to this host as another's ("
              + e.getMessage()
              + ")",
          e);
    }
  }
}
