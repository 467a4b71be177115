package io.holdfast.deploy.damage;

import java.util.Locale;

/** What is done to a part. */
enum Harm {
  DELETE,
  /** Cut off in the middle. */
  TRUNCATE,
  /** One bit in the middle changed. */
  FLIP,
  /** Exchanged with another of its kind: of this fleet if it has one, else of a foreign fleet. */
  SWAP,
  /** An older one of its kind in its place. */
  REPLAY;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
