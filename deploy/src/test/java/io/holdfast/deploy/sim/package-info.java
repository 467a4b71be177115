/**
 * The whole system in one thread under a seed: hosts with the real backup and restore engines,
 * coordinators of real parts (journal, leadership, catalog, packs, sessions, proof, verification,
 * checkpoints), two of them on one vault whose disk keeps only what was synced.
 *
 * <p>Owns: the schedule ({@link io.holdfast.deploy.sim.Schedule}), which runs the product's own
 * blocking code on virtual threads, one at a time, in an order drawn from the seed and on a clock
 * of its own; the fakes around it ({@link io.holdfast.deploy.sim.SimCall} for a connection, {@link
 * io.holdfast.deploy.sim.SimTree} for a host's files, {@link io.holdfast.deploy.sim.FaultyFiles}
 * and the vault's test kits for what storage does); what may happen ({@link
 * io.holdfast.deploy.sim.World}); what must hold after each event ({@link
 * io.holdfast.deploy.sim.Invariants}), judged by a {@link io.holdfast.deploy.sim.Witness} that sees
 * what a power cut now would leave and nothing else; and the bugs that must be noticed ({@link
 * io.holdfast.deploy.sim.Planted}), each in place of one seam, none in product code.
 *
 * <p>What happens: backups of several hosts at once, with shared and changed files, small ones and
 * chunks of their own; runs repeated after an answer or without one; restores; processes killed at
 * any step, catalogs lost and rebuilt, power cuts between and in the middle of calls; creates that
 * fail, fail after they worked, never land or land late; torn writes, failed syncs, stale and short
 * lists; snapshots deleted, had back and forgotten; sweeps that condemn, rewrite and delete, with
 * everything kept looked at again after each of their records; leadership hints that move and lie;
 * clocks that jump; verification, proof and checkpoints beside everything; hosts that crash, or lie
 * ({@link io.holdfast.deploy.sim.Lie}): garbage under others' ids, pages that name in clear what
 * they don't need; coordinators in league with such a host, that answer a restore with garbage
 * sealed as well as the content was ({@link io.holdfast.deploy.sim.Answers}); bits that flip at
 * rest, and in some worlds turn back, after which everything acknowledged must be whole.
 *
 * <p>The same happens in a private repository ({@link io.holdfast.deploy.sim.Seams#PRIVATE}), where
 * each host has keys of its own and coordinators none, but for the lies that need keys which all
 * share; there nothing may be proven or shared between hosts, whatever happens.
 *
 * <p>Beside it stands a world whose jobs are all ordered ({@link
 * io.holdfast.deploy.sim.ScheduledWorld}): the product's schedules, orders, jobs, absence and
 * alarms as the node wires them ({@link io.holdfast.deploy.sim.SimDispatch}), and agents with the
 * real control stream and queue of orders ({@link io.holdfast.deploy.sim.SimAgent}). Wall clocks
 * leap over the hours, also over changes of clocks, and are set apart; agents die, are cut off, are
 * slow and fail; operators cancel, drain, edit policies, delete, sweep, and order restores to the
 * same and to other hosts, again and again into one directory until one comes to its end. What must
 * hold: {@link io.holdfast.deploy.sim.ScheduleClaims}, all of the claims above, and at rest that
 * everything due has run, nothing is open, no grant is left, and who is late is alarmed and called
 * off. Its planted bugs: {@link io.holdfast.deploy.sim.PlantedSchedules}.
 *
 * <p>To run one seed again: the command that a failing one prints. More of them: {@code
 * -Dholdfast.sim.seeds=N}, from seed M on with {@code -Dholdfast.sim.first=M}; the tag {@code full}
 * runs many. The JVM needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}, since the JDK keeps
 * a virtual thread's scheduler to itself.
 *
 * <p>What it can't show: real disks, networks, TLS and processes (the tests of {@code path} and of
 * the real faults do); RocksDB (a map stands in, which loses what wasn't flushed); races inside one
 * uninterrupted turn of a thread, since threads change only where product code blocks or a fake
 * yields; several sites, which don't exist yet, and key rotation. A failed sync of the journal's
 * directory is left to power cuts, since a file system doesn't go on after one. Wake-ups of
 * monitors go through a thread of the JDK's and are not the seed's choice: product code waits on
 * none here, and a run that met one says so.
 *
 * <p>Threads: all virtual, in the test's own. Files: below the test's temporary directory.
 */
package io.holdfast.deploy.sim;
