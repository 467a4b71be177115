package io.holdfast.coordinator.people;

import com.google.protobuf.ByteString;
import io.holdfast.proto.stored.v1.ActKind;

/**
 * One kind of call that may need a second person: what such a request would do, and how it is done.
 * Any thread.
 */
public interface Act {
  ActKind kind();

  /** The call by its full name; who may make it, may give it. */
  String method();

  /**
   * Whether its asker makes the same call again once it was given, since only he is to see what it
   * answers; else it is carried out as soon as it was given.
   */
  boolean isCollected();

  /**
   * What {@code request} would do as things are now, in words; the same words as long as it would
   * do the same. Throws what carrying it out would throw, where that can be told.
   */
  String effect(ByteString request);

  /** Does it for {@code asker}, and tells what came of it. Not called for what is collected. */
  String carryOut(ByteString request, String asker) throws InterruptedException;
}
