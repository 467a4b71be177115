package io.holdfast.agent.restore;

import org.junit.jupiter.api.BeforeEach;

/** All the same, in windows so small that there are many, fetched beside the walk. */
class RestoreBesideTest extends RestoreRunTest {
  @BeforeEach
  void letTwoRead() {
    content.letTwoRead();
  }

  @Override
  int askedAgain() {
    return 3; // each file's window, and the read-back's, asks for the chunk that they share
  }

  @Override
  RestoreLimits limits() {
    return new RestoreLimits(2, 16 << 20, 8, 2, 8, 4, 65_536, 1_000);
  }
}
