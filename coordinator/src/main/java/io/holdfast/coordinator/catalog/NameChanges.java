package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.proto.stored.v1.NamesVoided;
import io.holdfast.proto.stored.v1.VoidedDeleted;
import io.holdfast.proto.stored.v1.VoidedName;
import java.util.Optional;

/** Effects on names of packs that lie in the vault and that no record names. */
final class NameChanges {
  /** Names of one mutation. */
  static final int NAMES_MAX = 4_096;

  private NameChanges() {}

  /** Whether a pack may be registered under that name: once, and never if it was given up. */
  static boolean isFree(byte[] pack, Effects effects) {
    return !effects.has(Families.PACK_NUMBERS, pack) && !effects.has(Families.VOID_NAMES, pack);
  }

  static void giveUp(NamesVoided change, Effects effects) {
    if (change.getNamesCount() > NAMES_MAX) {
      effects.ignore();
      return;
    }
    for (VoidedName name : change.getNamesList()) {
      byte[] pack = Fields.pack(name.getPack()).toByteArray();
      if (isFree(pack, effects)) {
        VoidName row = new VoidName(effects.timeMillis(), name.getSize(), false);
        effects.put(Families.VOID_NAMES, pack, row.toRow());
        effects.count(Total.VOID_BYTES, name.getSize());
      }
    }
  }

  static void delete(VoidedDeleted change, Effects effects) {
    if (change.getPacksCount() > NAMES_MAX) {
      effects.ignore();
      return;
    }
    for (ByteString each : change.getPacksList()) {
      byte[] pack = Fields.pack(each).toByteArray();
      Optional<VoidName> name = effects.get(Families.VOID_NAMES, pack).map(VoidName::of);
      if (name.isPresent() && !name.get().isDeleted()) {
        long size = name.get().sizeBytes();
        VoidName gone = new VoidName(name.get().timeMillis(), size, true);
        effects.put(Families.VOID_NAMES, pack, gone.toRow());
        effects.count(Total.VOID_BYTES, -size);
        effects.count(Total.DELETED_PACKS, 1);
        effects.count(Total.DELETED_BYTES, size);
      }
    }
  }
}
