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
  BACKUP;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
