package io.holdfast.coordinator.sweep.model;

/**
 * One sealed chunk in one pack: a location of its id. Packed into an int, since a search holds
 * millions.
 *
 * <p>Seqs are flags here. All that a rule ever asks of a seq is whether it lies before or after a
 * fence, a pin, a checkpoint or an undoing; each of those sets or clears its flag on the entries
 * that are there as it happens.
 */
record Entry(int bits) {
  /** What may be true of an entry. */
  enum Flag {
    /** Its bytes aren't the chunk's: a faulty host's data, or a forged page's list. */
    GARBAGE(0),
    PROVEN(1),
    /** Counts for every host, by the word of a peer; not proven here. */
    VOUCHED(2),
    CONDEMNED(3),
    /** Unreadable, and a record says so. */
    LOST(4),
    /** These very bytes failed a proof. */
    FAILED(5),
    /** Unreadable, and nobody knows. */
    ROTTEN(6),
    CHECKED_FOR_A(7),
    CHECKED_FOR_B(8),
    /** Uploaded in the session its uploader has open. */
    FRESH(9),
    /** Registered before the mark's fence. */
    OLD(10),
    MARKED(11),
    /** Copied by a rewrite whose swap is to come. */
    COPIED(12),
    /** Where a location of a rewrite's copy was added too early. */
    TWIN(13),
    /** Listed as surplus. */
    VICTIM(14),
    /** Named as what stays when the surplus goes. */
    SURVIVOR(15),
    /** Condemned while the pin that is open was. */
    PINNED(16),
    /** A checkpoint was verified since the Condemn; {@link #AGED_TWICE}: another. */
    AGED_ONCE(17),
    AGED_TWICE(18),
    /** Known to the newest checkpoint; {@link #IN_OLDER}: to the one before. */
    IN_NEWEST(19),
    IN_OLDER(20);

    private final int bit;

    Flag(int number) {
      bit = 1 << (FLAGS_AT + number);
    }
  }

  private static final int EXISTS = 1;
  private static final int UPLOADER = 2;
  private static final int CHUNK_AT = 2;
  private static final int FLAGS_AT = 5;

  static final Entry NONE = new Entry(0);

  static Entry of(int chunk, int uploader) {
    return new Entry(EXISTS | uploader * UPLOADER | chunk << CHUNK_AT);
  }

  static Flag checkedFor(int host) {
    return host == 0 ? Flag.CHECKED_FOR_A : Flag.CHECKED_FOR_B;
  }

  boolean exists() {
    return bits != 0;
  }

  int chunk() {
    return bits >> CHUNK_AT & 7;
  }

  int uploader() {
    return (bits & UPLOADER) == 0 ? 0 : 1;
  }

  boolean is(Flag flag) {
    return (bits & flag.bit) != 0;
  }

  Entry with(Flag flag) {
    return new Entry(bits | flag.bit);
  }

  Entry with(Flag flag, boolean set) {
    return set ? with(flag) : this;
  }

  Entry without(Flag... flags) {
    int kept = bits;
    for (Flag flag : flags) {
      kept &= ~flag.bit;
    }
    return new Entry(kept);
  }

  /** Condemned by the record that applies now, with {@code pinned} whether a pin is open. */
  Entry condemned(boolean pinned) {
    return is(Flag.CONDEMNED) ? this : with(Flag.CONDEMNED).with(Flag.PINNED, pinned);
  }

  /** The same bytes in another pack: who sent them and what is known of them goes along. */
  Entry moved() {
    Entry moved = of(chunk(), uploader());
    for (Flag flag : CARRIED) {
      moved = moved.with(flag, is(flag));
    }
    return moved;
  }

  /** The same with the hosts' parts exchanged. */
  Entry mirrored() {
    int checks = Flag.CHECKED_FOR_A.bit | Flag.CHECKED_FOR_B.bit;
    boolean differ = (bits & checks) != 0 && (bits & checks) != checks;
    return new Entry(bits ^ UPLOADER ^ (differ ? checks : 0));
  }

  private static final Flag[] CARRIED = {
    Flag.GARBAGE, Flag.PROVEN, Flag.VOUCHED, Flag.FAILED, Flag.ROTTEN
  };
}
