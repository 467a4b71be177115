package io.holdfast.agent.posix;

import java.lang.foreign.MemorySegment;

/**
 * The reading end of a pipe that has a name for as long as a writer needs to find it. Reading never
 * waits: who wants to wait does so by the clock, and can be interrupted. One thread.
 */
public final class PipeReader implements AutoCloseable {
  /** Answer of {@link #read} when nobody has it open for writing any more. */
  public static final int END = -1;

  /** As much as a user without privileges may ask for: fewer turns for a stream. */
  private static final int CAPACITY_BYTES = 1 << 20;

  private static final int OWNER_ONLY = 0600;
  private static final int SET_PIPE_SIZE = 1031;

  private final byte[] path;
  private final PosixFile file;
  private boolean named = true;

  private PipeReader(byte[] path, PosixFile file) {
    this.path = path;
    this.file = file;
  }

  /** Makes a pipe under the absolute {@code path}, for this user alone; EEXIST if it is taken. */
  public static PipeReader make(byte[] path) throws PosixException {
    Nodes.makeNode(Posix.NO_DIRECTORY, path, FileKind.FIFO.modeBits() | OWNER_ONLY, 0);
    int flags = OpenFlags.READ_ONLY | OpenFlags.NON_BLOCKING | OpenFlags.NO_FOLLOW;
    int fd = Posix.tryOpenAt(Posix.NO_DIRECTORY, path, flags, 0);
    if (fd < 0) {
      Nodes.removeFile(Posix.NO_DIRECTORY, path);
      throw new PosixException(-fd, "open", path);
    }
    LibC.control(CallMemory.get().state, fd, SET_PIPE_SIZE, CAPACITY_BYTES); // or stays smaller
    return new PipeReader(path, new PosixFile(fd));
  }

  /** Takes its name away: who has it open keeps it. */
  public void unname() throws PosixException {
    if (named) {
      named = false;
      Nodes.removeFile(Posix.NO_DIRECTORY, path);
    }
  }

  /**
   * Reads what is there, up to the size of {@code into}.
   *
   * @return bytes read, 0 if there are none now, {@link #END} if none will come: nobody has it open
   *     for writing, or nobody had yet
   */
  public int read(MemorySegment into) throws PosixException {
    int count = (int) LibC.read(CallMemory.get().state, file.fd(), into, into.byteSize());
    if (count == 0) {
      return END;
    }
    boolean nothing = Errno.EAGAIN.is(count) || Errno.EINTR.is(count);
    return nothing ? 0 : Posix.checked(count, "read", null);
  }

  @Override
  public void close() {
    try {
      unname();
    } catch (PosixException e) {
      // it has gone with its directory, or stays as an empty name that the next start takes away
    } finally {
      file.close();
    }
  }
}
