package io.holdfast.coordinator.sweep.model;

/**
 * The rules of commit and deletion, each with what is lost without it. Every one can be switched
 * off in a {@link Scenario}; {@code RuleTest} shows for each the shortest way to the loss.
 */
enum Rule {
  // Commit

  /** A page passes its check only if every reference counts. Else a snapshot names nothing. */
  REFERENCES_ARE_CHECKED,
  /** Presence isn't enough: it must count for this host. Else one host's garbage is another's. */
  REFERENCES_COUNT_FOR_THE_HOST,
  /** A check made for one host says nothing for another. */
  CHECK_BELONGS_TO_ITS_HOST,
  /** A child page must have passed, too. Else what lies deeper is never looked at. */
  CHECK_COVERS_CHILD_PAGES,
  /** A check is as old as the view it was made on, not as its registration. */
  CHECK_CARRIES_THE_SEQ_IT_BEGAN_AT,
  /** A Condemn undoes every older check. */
  CHECK_DIES_WITH_A_CONDEMN,
  /** A loss undoes every older check that may rest on what was lost. */
  CHECK_DIES_WITH_A_LOSS,
  /** Commit walks what has no live check. */
  COMMIT_WALKS_THE_UNCHECKED,
  /** Trust is the newest completed mark's. An older mark's pages may be condemned since. */
  TRUST_IS_THE_NEWEST_MARKS,
  /** Live isn't enough for trust: the references must count for that host. */
  TRUST_NEEDS_COUNTING_REFERENCES,
  /** A trusted page's child pages are trusted, too: commit looks no deeper. */
  TRUST_COVERS_CHILD_PAGES,
  /** What the mark saw before a loss isn't trusted after it. */
  NO_TRUST_ACROSS_A_LOSS,

  // Loss

  /** What failed its proof counts for nobody any more. */
  FAILED_PROOF_CONDEMNS,
  /** A failed proof takes trust from its uploader's pages. */
  FAILED_PROOF_UNTRUSTS_ITS_UPLOADER,
  /** And checks and trust from all others for whom the entry counted by a peer's word. */
  FAILED_PROOF_UNTRUSTS_ALL_IT_COUNTED_FOR,
  /** Losing a proven entry or a pack empties the trusted set. */
  LOSS_EMPTIES_TRUST,
  /** Another site's failed reading condemns nothing here. */
  FOREIGN_FAILURES_CONDEMN_NOTHING,
  /** No loss is recorded between a commit's walk and its record. */
  LOSS_HOLDS_THE_COMMIT_PATH,

  // Mark

  /** The mark reads a catalog that has applied the head after the fence. */
  MARK_STARTS_AT_THE_HEAD,
  /** What open sessions merge with is live. */
  MARK_FOLLOWS_BASES,
  /** What an undo may bring back is live. */
  MARK_FOLLOWS_SOFT_DELETED,
  /** What is left of a damaged snapshot is live. */
  MARK_FOLLOWS_DAMAGED_SNAPSHOTS,
  /** Unreadable isn't unreferenced. */
  MARK_ABORTS_ON_THE_UNREADABLE,
  /** But what is nowhere isn't unreadable: a forger names it, or it went by record. */
  MARK_PASSES_WHAT_IS_NOWHERE,
  /** Roots committed after the fence are walked before the Condemn. */
  MARK_WALKS_LATE_ROOTS,
  /** In full: an older mark's trust ends no walk. */
  MARK_STOPS_ONLY_AT_WHAT_IT_WALKED,
  /** And it goes back to a page of which a location was added since: its list is another, maybe. */
  MARK_READS_LISTS_ADDED_SINCE,
  /** All lists of a page are followed: a forged one hides nothing. */
  MARK_UNITES_CLEAR_LISTS,
  /** Lists of condemned locations, too, as long as they are readable: none else may be left. */
  MARK_READS_CONDEMNED_LISTS,
  /** What a lost page names isn't condemned as long as the page may be healed. */
  LOST_PAGE_STOPS_THE_CONDEMN,
  /** A reference marks every uncondemned location: the one it needs is among them. */
  MARK_TAKES_ALL_LOCATIONS,
  /** Those recorded as lost, too: they may be healed before the Condemn. */
  MARK_TAKES_LOST_LOCATIONS,

  /** An interrupted mark takes up what was journalled while it rested. */
  RESUMED_MARK_TAKES_UP_WHAT_CAME_SINCE,
  /**
   * It resumes from bits and pages of one moment: bits older than the pages miss what they named.
   */
  RESUMED_MARK_IS_OF_ONE_MOMENT,

  // Condemn

  /** Only entries older than the fence are candidates. */
  CANDIDATES_ARE_OLDER_THAN_THE_FENCE,
  /** Older by when their location was added; a swap adds locations to an older pack. */
  CANDIDATES_AGE_BY_LOCATION,
  /** Nor those whose owners have a session open. */
  CANDIDATES_OWNERS_ARE_IDLE,
  /** Whoever was closed for its silence doesn't commit. */
  SILENT_SESSION_IS_REFUSED,
  /** A Condemn shares its record with no commit. */
  CONDEMN_IS_ALONE,
  /** No commit lies between what the mark has walked and the Condemn. */
  NO_COMMIT_SINCE_MARKED_THROUGH,
  /** Nor does a Condemn come between a commit's walk and its record. */
  CONDEMN_HOLDS_THE_COMMIT_PATH,
  /** A condemned entry answers no query and no check again. */
  CONDEMNED_IS_FOR_EVER_ABSENT,
  /** Its content comes back in another pack only. */
  UPLOAD_GOES_TO_ANOTHER_PACK,
  /** A surplus location goes only if its survivor is proven. */
  SURVIVOR_IS_PROVEN,
  /** And if no owner of the surplus has a session open: the survivor may be swept under it. */
  SURPLUS_OWNERS_ARE_IDLE,
  /** And is uncondemned as its victim's turn comes, by an earlier entry of the record, too. */
  SURVIVOR_IS_UNCONDEMNED_AT_APPLY,
  /** And isn't lost. */
  SURVIVOR_IS_NOT_LOST_AT_APPLY,

  // Rewrite and delete

  /** A rewrite leaves behind only what an applied Condemn took. */
  REWRITE_LEAVES_ONLY_CONDEMNED,
  /** Registering the new pack adds no location; the swap does. */
  REWRITE_REGISTERS_NO_LOCATION,
  /** What was condemned between copy and swap stays condemned. */
  SWAP_SKIPS_CONDEMNED,
  /** Nothing moves into a pack that is lost by then. */
  SWAP_NEEDS_ITS_NEW_PACK,
  /** A moved entry keeps its uploader and isn't proven by moving. */
  SWAP_CARRIES_UPLOADER_AND_PROOF,
  /** What a swap left behind was condemned by the swap, not by an older Condemn. */
  SWAP_IS_A_CONDEMN_OF_WHAT_IT_MOVES,
  /** Bytes are copied under their old sums: what rotted is found, not sealed in. */
  REWRITE_CHECKS_OLD_SUMS,
  /** A pack goes when its last entry is condemned. */
  DELETE_ONLY_WHOLLY_CONDEMNED,
  /** And references computed again from scratch agree. */
  DELETE_RECOMPUTES_REFERENCES,
  /** Another location stands in for one that goes if it counts for whom that one did. */
  DELETE_ASKS_WHAT_COUNTS,
  /** For what pins and the two newest checkpoints keep, too. */
  DELETE_RECOMPUTES_FOR_PINS_AND_CHECKPOINTS,
  /** And no pin is older than the Condemn. */
  DELETE_IS_YOUNGER_THAN_NO_PIN,
  /** Which keeps its opening seq through renewals. */
  PIN_KEEPS_ITS_OPENING_SEQ,
  /** And the Condemn is in the two newest verified checkpoints. */
  DELETE_AFTER_TWO_CHECKPOINTS
}
