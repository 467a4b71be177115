package io.holdfast.agent.link;

import io.holdfast.agent.backup.UploadLink;

/** Opens the streams of sessions with a coordinator. Any thread; each stream is its opener's. */
public interface SessionLinks {
  UploadLink upload();

  ReadLink read();
}
