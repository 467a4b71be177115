package io.holdfast.common.testkit;

/** The calls of {@link io.holdfast.common.seam.FileSystem}, for counting, failing and pausing. */
public enum FileOperation {
  LIST,
  CREATE_DIRECTORY,
  CREATE_FILE,
  OPEN_FILE,
  WRITE,
  READ,
  SYNC_FILE,
  SYNC_DIRECTORY,
  LINK,
  LINK_COUNT,
  SAME_FILE,
  REPLACE,
  DELETE,
  SIZE,
  EXISTS,
  USABLE_BYTES,
  LOCK
}
