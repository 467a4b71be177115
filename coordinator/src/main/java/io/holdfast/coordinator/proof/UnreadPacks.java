package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs that a rebuild took into the catalog without their footers: who leads looks once more and
 * records which are lost. Until then nothing is swept, since the catalog lacks what lay there. One
 * thread.
 */
public final class UnreadPacks {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadPacks.class);

  /** Losses of one record. */
  private static final int BATCH = 256;

  private final ProofPorts ports;

  public UnreadPacks(ProofPorts ports) {
    this.ports = ports;
  }

  /**
   * Records the loss of those whose footers can't be read again; logs what else is to be done.
   * Errors of the journal.
   *
   * @return how many are lost
   */
  public int record() throws InterruptedException {
    LossRecorder losses = new LossRecorder(ports);
    int lost = 0;
    for (KnownPack known : unread()) {
      if (isGone(known)) {
        LOG.error(
            "pack {} is lost: a rebuild of the catalog couldn't read its footer, nor can a second"
                + " reading; run `holdfast verify`, and back the hosts up",
            known.pack().id());
        losses.addAll(known.pack().id());
        lost++;
        if (lost % BATCH == 0) {
          losses.flush();
        }
      }
    }
    losses.flush();
    return lost;
  }

  private List<KnownPack> unread() {
    try (CatalogView view = ports.views().get()) {
      return view.packs().unread().stream()
          .flatMap(pack -> view.packs().find(pack).stream())
          .toList();
    }
  }

  private boolean isGone(KnownPack known) {
    PackId pack = known.pack().id();
    try {
      ports.footers().get(known.pack());
      LOG.error(
          "the catalog was made while the footer of pack {} couldn't be read; it can by now: stop"
              + " the coordinator and run `holdfast catalog rebuild`. Until then nothing is swept",
          pack);
      return false;
    } catch (HoldfastException e) {
      boolean gone = e.code() == ErrorCode.OBJECT_NOT_FOUND || e.kind() == ErrorKind.CORRUPT;
      if (!gone) {
        LOG.error(
            "whether pack {} is lost, which the catalog lacks, can't be told now; start the"
                + " coordinator again, until then nothing is swept: {}",
            pack,
            e.getMessage());
      }
      return gone;
    }
  }
}
