package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.agent.backup.SourceStream;
import io.holdfast.agent.backup.StreamItem;
import io.holdfast.agent.hook.HookCall;
import io.holdfast.agent.hook.HookContext;
import io.holdfast.agent.hook.HookStream;
import io.holdfast.agent.hook.Hooks;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Metadata;
import java.time.Instant;

/** What a program of the host prints, as one file at the top of the snapshot. */
public final class CommandOutput implements SourceCursor {
  private static final String PHASE = "command";
  private static final int OWNER_ONLY = 0600;

  private final Hooks hooks;
  private final HookCall call;
  private final HookContext context;
  private final RateLimit reading;
  private StreamItem item;

  /**
   * The program isn't started yet.
   *
   * @param time that the file bears
   * @param reading how fast its output is read
   */
  public CommandOutput(
      Hooks hooks,
      HookCall call,
      HookContext context,
      EntryPath fileName,
      Instant time,
      RateLimit reading) {
    this.hooks = hooks;
    this.call = call;
    this.context = context;
    this.reading = reading;
    this.item = new StreamItem(fileName, metadata(time), new Started());
  }

  /** Of a file that came into being here and now. */
  public static Metadata metadata(Instant time) {
    long user = Integer.toUnsignedLong(Posix.effectiveUserId());
    return new Metadata(OWNER_ONLY, user, 0, time.getEpochSecond(), time.getNano(), 0, 0, 0);
  }

  @Override
  public SourceItem next() {
    StreamItem next = item;
    item = null;
    return next;
  }

  @Override
  public void close() {
    if (item != null) {
      item.content().close();
    }
  }

  /** Starts the program when it is read first: by then the run is open. */
  private final class Started implements SourceStream {
    private HookStream stream;

    @Override
    public int read(byte[] into, int at, int length) throws InterruptedException {
      if (stream == null) {
        stream = hooks.stream(call, PHASE, context);
      }
      int count = stream.read(into, at, length);
      if (count > 0) {
        reading.take(count);
      }
      return count;
    }

    @Override
    public void close() {
      if (stream != null) {
        stream.close();
      }
    }
  }
}
