package io.holdfast.coordinator.sweep.model;

/**
 * A mark on its way, from its fence to its Condemn. What it marked is a flag of the entries.
 *
 * @param stage bits: it has reached its end once and given its trust; the pages pending now come
 *     from roots committed after the fence; it rests, interrupted
 * @param pending the pages to walk
 * @param walked the pages walked
 * @param committed the roots committed after the fence that wait for the next round
 * @param counting the walked pages whose references counted for each host
 * @param blind the walked pages that are lost, so that nobody knows what they name
 * @param losses the hosts (bits) whom a loss since the fence concerned
 */
record Mark(
    int stage, int pending, int walked, int committed, int counting, int blind, int losses) {

  private static final int COMPLETE = 1;
  private static final int LATE = 2;
  private static final int RESTS = 4;

  static Mark from(int roots) {
    return new Mark(0, roots, 0, 0, 0, 0, 0);
  }

  boolean complete() {
    return (stage & COMPLETE) != 0;
  }

  boolean late() {
    return (stage & LATE) != 0;
  }

  boolean rests() {
    return (stage & RESTS) != 0;
  }

  boolean isCaughtUp() {
    return pending == 0 && committed == 0;
  }

  Mark walked(int page, int children, int counts) {
    int now = walked | 1 << page;
    int left = (pending | children) & ~now;
    return new Mark(stage, left, now, committed, counting | counts, blind, losses);
  }

  Mark blind(int page) {
    int more = blind | 1 << page;
    return new Mark(stage, pending, walked, committed, counting, more, losses);
  }

  /** Goes back to the {@code pages} it walked. */
  Mark again(int pages) {
    int back = pages & walked;
    int left = pending | back;
    int blindStill = blind & ~back;
    return back == 0
        ? this
        : new Mark(stage, left, walked & ~back, committed, counting, blindStill, losses);
  }

  Mark andCommitted(int root) {
    return new Mark(stage, pending, walked, committed | 1 << root, counting, blind, losses);
  }

  /** Takes up the roots committed since, but for what it has walked. */
  Mark nextRound() {
    return new Mark(stage | LATE, committed & ~walked, walked, 0, counting, blind, losses);
  }

  Mark andLoss(int hosts) {
    return new Mark(stage, pending, walked, committed, counting, blind, losses | hosts);
  }

  Mark completed() {
    return new Mark(stage | COMPLETE, pending, walked, committed, counting, blind, losses);
  }

  /** Interrupted, or resumed. */
  Mark interrupted() {
    return new Mark(stage ^ RESTS, pending, walked, committed, counting, blind, losses);
  }

  Mark mirrored() {
    int swapped = (losses & 1) << 1 | losses >> 1;
    int counts = Catalog.swapHosts(counting);
    return new Mark(stage, pending, walked, committed, counts, blind, swapped);
  }

  void digest(Digest digest) {
    digest.add(1 | stage << 1 | losses << 4 | blind << 6);
    digest.add((long) pending << 48 | (long) walked << 32 | (long) committed << 16 | counting);
  }
}
