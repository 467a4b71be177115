package io.holdfast.agent.posix;

/** Flags of {@link Posix#openAt}, to be combined with {@code |}; the kernel's own values. */
public final class OpenFlags {
  public static final int READ_ONLY = 0;
  public static final int WRITE_ONLY = 1;
  public static final int READ_WRITE = 2;
  public static final int CREATE = 0x40;
  public static final int EXCLUSIVE = 0x80;
  public static final int TRUNCATE = 0x200;

  /** Don't wait on a FIFO or a device that took the place of a file. */
  public static final int NON_BLOCKING = 0x800;

  /** On a block device: fail with EBUSY if it is mounted or otherwise taken. */
  public static final int EXCLUSIVE_DEVICE = EXCLUSIVE;

  /** Fail with ENOTDIR unless it is a directory. */
  public static final int DIRECTORY = Abi.CURRENT.directoryFlag;

  /** Fail with ELOOP (ENOTDIR together with {@link #DIRECTORY}) on a symbolic link. */
  public static final int NO_FOLLOW = Abi.CURRENT.noFollowFlag;

  /** Leave the access time alone; only the owner and root may ask for it. */
  public static final int NO_ACCESS_TIME = 0x40000;

  public static final int CLOSE_ON_EXEC = 0x80000;

  /** Only name the thing: no access to content, no permission on it needed. */
  public static final int PATH = 0x200000;

  private OpenFlags() {}
}
