package io.holdfast.agent.posix;

/**
 * A process with all that it started and that didn't leave its group. Signals go to all of them.
 *
 * @param id that of the process that leads it
 */
public record ProcessGroup(long id) {
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  public ProcessGroup {
    if (id <= 1 || id > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(id + " is no process that may be ended");
    }
  }

  /** Whether anything of it is left. */
  public boolean isAlive() {
    int result = signal(0);
    return result == 0 || Errno.EPERM.is(result);
  }

  /** Asks all of it to end. */
  public void terminate() {
    signal(SIGTERM);
  }

  /** Ends all of it. */
  public void kill() {
    signal(SIGKILL);
  }

  private int signal(int number) {
    return LibC.kill(CallMemory.get().state, (int) -id, number);
  }
}
