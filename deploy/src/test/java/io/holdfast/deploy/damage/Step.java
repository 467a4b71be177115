package io.holdfast.deploy.damage;

import java.util.Locale;

/** What is tried with a damaged fleet, in the order of the table's columns. */
enum Step {
  /** Break-glass, from vault and passphrase. */
  RECOVER,
  /** {@code catalog rebuild}, on a copy of its own. */
  REBUILD,
  /** The coordinator's start; if it is refused, what follows is {@code down}. */
  START,
  /** The newest snapshot onto its host, before anybody looked for damage. */
  RESTORE,
  CHECKED,
  PROVEN,
  /** A backup after that, and the restore of what it made and of what was there before. */
  BACKUP,
  /**
   * Sweeps, once an old snapshot went and before anybody looked for damage, on a copy of its own;
   * and at the very end, once everything but the last backup went.
   */
  GC;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
