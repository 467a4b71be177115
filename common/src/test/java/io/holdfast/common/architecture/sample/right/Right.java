package io.holdfast.common.architecture.sample.right;

import io.holdfast.common.architecture.sample.left.Left;
import org.bouncycastle.util.encoders.Hex;

/** Uses {@link Left} and Bouncy Castle. */
public record Right(String name) {
  Left other() {
    return new Left(Hex.toHexString(new byte[1]));
  }
}
