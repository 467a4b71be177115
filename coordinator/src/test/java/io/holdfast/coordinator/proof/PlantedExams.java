package io.holdfast.coordinator.proof;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.PlantedOpeners;
import io.holdfast.common.sealing.SealedHeader;
import java.util.List;

/** Exams with a bug, to find out who would notice. */
public final class PlantedExams {
  private PlantedExams() {}

  /** Calls good what it didn't open; only pages are opened, since the way on leads through them. */
  public static ChunkExam blind(List<ChunkKeys> generations) {
    return new ChunkExam(generations) {
      @Override
      List<WalkItem> open(WalkItem item, PackFooter footer, int entry, Reading.Intact sealed) {
        return item.isPage() ? super.open(item, footer, entry, sealed) : List.of();
      }
    };
  }

  /** Calls good what opens, whatever content that is. */
  public static ChunkExam believing(List<ChunkKeys> generations) {
    return new ChunkExam(PlantedOpeners.believing(generations));
  }

  /** Doesn't compare what a page says in clear with what its sealed part says. */
  public static ChunkExam notComparing(List<ChunkKeys> generations) {
    return new ChunkExam(generations) {
      @Override
      void requireListed(
          ChunkRef page,
          List<WalkItem> sealed,
          SealedHeader header,
          PackFooter footer,
          int entry) {}
    };
  }
}
