package io.holdfast.agent.posix;

import java.util.Locale;

/**
 * What differs between the processors Linux runs on: a few open flags and system call numbers
 * (uapi/asm/fcntl.h and unistd.h of each). Everything else the agent uses is the same on both.
 */
enum Abi {
  X86_64(0x10000, 0x20000, 217, 316, 328),
  AARCH64(0x4000, 0x8000, 61, 276, 287);

  /** The processor this process runs on; any unknown one is taken to use the generic numbers. */
  static final Abi CURRENT = of(System.getProperty("os.arch", ""));

  /** The same on every processor: it is newer than the common numbering. */
  static final long OPENAT2 = 437;

  final int directoryFlag;
  final int noFollowFlag;
  final long getdents64;
  final long renameat2;
  final long pwritev2;

  Abi(int directoryFlag, int noFollowFlag, long getdents64, long renameat2, long pwritev2) {
    this.directoryFlag = directoryFlag;
    this.noFollowFlag = noFollowFlag;
    this.getdents64 = getdents64;
    this.renameat2 = renameat2;
    this.pwritev2 = pwritev2;
  }

  static Abi of(String architecture) {
    return switch (architecture.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> X86_64;
      default -> AARCH64;
    };
  }
}
