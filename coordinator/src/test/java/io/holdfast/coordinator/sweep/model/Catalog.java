package io.holdfast.coordinator.sweep.model;

/**
 * What applying the journal leaves: one coordinator's view.
 *
 * <p>A snapshot is its host and root; sets of them are masks with a bit for each ({@link #slot}).
 *
 * @param live the live snapshots
 * @param soft the deleted ones whose undo hasn't ended
 * @param trusted the pages trusted for each host, in the same bits
 */
record Catalog(Packs packs, int live, int soft, Session ofA, Session ofB, int trusted) {
  static final int HOSTS = 2;
  static final int A = 0;
  static final int B = 1;
  private static final int CHUNKS = 8;

  static final Catalog EMPTY = new Catalog(Packs.NONE, 0, 0, Session.NONE, Session.NONE, 0);

  static int slot(int host, int root) {
    return host * CHUNKS + root;
  }

  static int hostOf(int slot) {
    return slot / CHUNKS;
  }

  static int rootOf(int slot) {
    return slot % CHUNKS;
  }

  /** The bits of all pages of {@code host}. */
  static int allOf(int host) {
    return 0xFF << slot(host, 0);
  }

  static int swapHosts(int mask) {
    return (mask & 0xFF) << CHUNKS | mask >> CHUNKS;
  }

  /** The roots of {@code snapshots}, whoever's. */
  static int roots(int snapshots) {
    return (snapshots | snapshots >> CHUNKS) & 0xFF;
  }

  int kept() {
    return live | soft;
  }

  Session session(int host) {
    return host == A ? ofA : ofB;
  }

  /** The bases of open sessions, as snapshots. */
  int bases() {
    return base(A) | base(B);
  }

  private int base(int host) {
    Session session = session(host);
    return session.isOpen() && session.base() > 0 ? 1 << slot(host, session.base() - 1) : 0;
  }

  boolean isTrusted(int page, int host) {
    return (trusted & 1 << slot(host, page)) != 0;
  }

  Catalog with(Packs other) {
    return new Catalog(other, live, soft, ofA, ofB, trusted);
  }

  Catalog withSnapshots(int newLive, int newSoft) {
    return new Catalog(packs, newLive, newSoft, ofA, ofB, trusted);
  }

  Catalog withSession(int host, Session session) {
    return host == A
        ? new Catalog(packs, live, soft, session, ofB, trusted)
        : new Catalog(packs, live, soft, ofA, session, trusted);
  }

  Catalog withTrusted(int pages) {
    return new Catalog(packs, live, soft, ofA, ofB, pages);
  }

  Catalog mirrored() {
    return new Catalog(
        packs.map(Entry::mirrored), swapHosts(live), swapHosts(soft), ofB, ofA, swapHosts(trusted));
  }

  void digest(Digest digest) {
    packs.digest(digest);
    digest.add((long) live << 32 | soft);
    digest.add((long) trusted << 32 | ofA.code() << 16 | ofB.code());
  }
}
