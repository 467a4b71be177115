package io.holdfast.agent.link;

import io.holdfast.agent.backup.BackupPorts;
import io.holdfast.agent.backup.UploadLink;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.proto.wire.v1.BaseSnapshot;
import io.holdfast.proto.wire.v1.OpenRead;
import io.holdfast.proto.wire.v1.ReadOpened;

/** Opens the streams of jobs with a coordinator. Any thread; each stream is its opener's. */
public final class CoordinatorReads {
  private final SessionLinks links;
  private final ChunkGenerations generations;
  private final Runnable beforeUploads;

  /**
   * Sessions are calls on {@code channel}; chunks are opened with {@code generations}.
   *
   * @param beforeUploads has to have run without an error before anything is sent
   */
  public CoordinatorReads(
      CoordinatorChannel channel, ChunkGenerations generations, Runnable beforeUploads) {
    this(new ChannelLinks(channel), generations, beforeUploads);
  }

  /** Chunks are opened with the keys of {@code generations}. */
  public CoordinatorReads(SessionLinks links, ChunkGenerations generations) {
    this(links, generations, () -> {});
  }

  private CoordinatorReads(
      SessionLinks links, ChunkGenerations generations, Runnable beforeUploads) {
    this.links = links;
    this.generations = generations;
    this.beforeUploads = beforeUploads;
  }

  /**
   * A new backup session's stream, which sends no faster than {@code sending} lets it, and leaves
   * the pages that it sent in {@code cache}.
   */
  public UploadLink upload(RateLimit sending, PageCache cache) {
    beforeUploads.run();
    return new CachingUploadLink(new PacedUploadLink(links.upload(), sending), cache);
  }

  /** The content of a base, through {@code cache}. */
  public BackupPorts.BaseContent base(BaseSnapshot base, PageCache cache)
      throws InterruptedException {
    ReadStream stream = reading();
    boolean opened = false;
    try {
      ReadOpened opening =
          stream.open(OpenRead.newBuilder().setSnapshot(base.getSnapshot()).build());
      ReadStream.learn(opening, generations);
      opened = true;
      return new SnapshotStream(stream, new ChunkOpener(generations), cache);
    } finally {
      if (!opened) {
        stream.close();
      }
    }
  }

  /** A read session, not opened yet. */
  ReadStream reading() {
    return new ReadStream(links.read());
  }
}
