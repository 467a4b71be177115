/**
 * The rules of commit and deletion as a model that is searched to its end.
 *
 * <p>Owns {@link io.holdfast.coordinator.sweep.model.Rule}, every rule with what it prevents; the
 * steps that two hosts, two coordinators, proof, a sweep, rewrites, retention and restores can take
 * ({@code *Steps}, one class a party); {@link io.holdfast.coordinator.sweep.model.Invariants}, what
 * must hold after each; and {@link io.holdfast.coordinator.sweep.model.Search}, which takes all
 * steps in all orders. {@link io.holdfast.coordinator.sweep.model.World} lists the small worlds.
 *
 * <p>Whoever builds or changes the sweep starts here: {@code RuleTest} switches each rule off and
 * prints the shortest way to what is then lost; {@code WorldTest} shows that with all of them on
 * nothing is. A rule that isn't in the model isn't known to be needed, and one that the sweep
 * doesn't keep is known to lose something.
 *
 * <p>How the model is small. Seqs are flags: an entry is old at the fence, a check is dead, a
 * Condemn has been in two checkpoints. The follower keeps up or holds one older catalog, which
 * stands for every lag. A commit's walk and record are one step while the commit path's hold
 * forbids what could come between. States that differ in the order of packs or the names of the
 * hosts are one.
 *
 * <p>Where the words of the rules can be read in two ways, the model takes the one that loses
 * nothing, and has the other as a rule switched off (decision 6, {@code proto/decisions}):
 *
 * <ul>
 *   <li>A check and trust cover a page's child pages, down to the data.
 *   <li>A failed proof undoes the checks of every host for whom the entry counted: by a peer's word
 *       it counts for all, though it was never proven here.
 *   <li>A recorded loss holds the commit path as a Condemn does.
 *   <li>"Already walked" means that every list of the page has been read: a page is walked again
 *       when a location of it is added. Else a forged page, read first, hides what the honest one
 *       names that is uploaded next.
 *   <li>A mark takes lost locations, too, and reads the lists of condemned ones while it can; a
 *       lost page of which no proven location is left stops the Condemn (not the mark, nor its
 *       trust) until it is healed, uploaded anew, or no snapshot needs it: I8 may bring it back.
 *   <li>A reference to what has no location at all doesn't stop a mark: a forger may name anything.
 *   <li>A candidate is as old as its location. A rewrite's pack may be registered before the fence
 *       and swapped in after it, when the mark has been there.
 *   <li>Surplus goes in a Condemn of its own, which waits for no mark and no lost page. A survivor
 *       is present as its victim's turn comes, entry by entry within the Condemn; owners of surplus
 *       are idle as those of candidates are.
 *   <li>A swap condemns what it moves, at its own seq, and only into a pack that isn't lost.
 *   <li>References are recomputed for what is live, soft-deleted, a base, pinned or in the two
 *       newest checkpoints: a condemned surplus whose survivor was lost may be the last there is.
 * </ul>
 *
 * <p>What a real mark keeps is what {@link io.holdfast.coordinator.sweep.model.Mark} has, beside a
 * bit an entry. One that is interrupted resumes from a copy of one moment, all of it, and takes up
 * every commit, location and loss journalled since. A Condemn undoes page checks as everybody's
 * loss does; a moved page has none, and is walked.
 *
 * <p>What guards no snapshot, as the model shows: that a silent session's commit is refused, that
 * owners are idle and bases followed (these keep backups from stopping; commit walks what they
 * would have spared). The age of the Condemn, too, is missed by nothing where references are
 * recomputed for pins and checkpoints; it spares most packs the question. Not in the model, since
 * nothing rests on them: quarantine, locks, approval, and that a page check waits for the seqs it
 * needs. Left to others: fencing of leaders (package journal), rebuilds from footers, other sites'
 * pulls.
 *
 * <p>Must never: use the product's code, which it is to be compared with; draw from a random source
 * or a clock; grow a world past what a build can walk (larger ones are tagged {@code full}).
 *
 * <p>Threads: none. Files: none.
 */
package io.holdfast.coordinator.sweep.model;
