package io.holdfast.common.seam;

import java.io.IOException;

/** Space, inodes or a quota are used up (ENOSPC, EDQUOT): room must be made before trying again. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public DiskFullException(String message) {
    super(message);
  }

  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
