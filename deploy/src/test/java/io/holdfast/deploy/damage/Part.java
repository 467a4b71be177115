package io.holdfast.deploy.damage;

import java.util.Locale;

/** What of a vault or a coordinator's disk can be damaged. */
enum Part {
  DATA_PACK,
  PAGE_PACK,
  PACK_FOOTER,
  PACK_TRAILER,
  FIRST_RECORD,
  MIDDLE_RECORD,
  LAST_RECORD,
  CHECKPOINT_MANIFEST,
  CHECKPOINT_FILE,
  CATALOG,
  PASSPHRASE_WRAP,
  SERVICE_WRAP,
  KEY_RING,
  HOST_KEY,
  VAULT_JSON,
  HEAD_MEMORY,
  RECOVERY_KIT;

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
