package io.holdfast.agent.link;

import io.holdfast.agent.backup.BackupPorts;
import io.holdfast.agent.backup.UploadLink;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.proto.wire.v1.BaseSnapshot;
import io.holdfast.proto.wire.v1.OpenRead;
import java.util.Collection;

/** Opens the streams of jobs with a coordinator. Any thread; each stream is its opener's. */
public final class CoordinatorReads {
  private final SessionLinks links;
  private final Collection<ChunkKeys> generations;

  /** Sessions are calls on {@code channel}; chunks are opened with {@code generations}. */
  public CoordinatorReads(CoordinatorChannel channel, Collection<ChunkKeys> generations) {
    this(new ChannelLinks(channel), generations);
  }

  /** Chunks are opened with the keys of {@code generations}. */
  public CoordinatorReads(SessionLinks links, Collection<ChunkKeys> generations) {
    this.links = links;
    this.generations = generations;
  }

  /** A new backup session's stream, which sends no faster than {@code sending} lets it. */
  public UploadLink upload(RateLimit sending) {
    return new PacedUploadLink(links.upload(), sending);
  }

  /** The content of a base, through {@code cache}. */
  public BackupPorts.BaseContent base(BaseSnapshot base, PageCache cache)
      throws InterruptedException {
    ReadStream stream = reading();
    boolean opened = false;
    try {
      stream.open(OpenRead.newBuilder().setSnapshot(base.getSnapshot()).build());
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
