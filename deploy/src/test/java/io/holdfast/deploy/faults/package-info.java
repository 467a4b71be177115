/**
 * What must not happen, tried on the real thing: processes killed and paused, disks that fail, fill
 * up and lose power, catalogs that rot, two coordinators on one vault.
 *
 * <p>After every fault the same is asked for: every acknowledged snapshot is listed and restores
 * identical, none is half there, the next backup just works, {@code verify} finds nothing, and
 * whoever was failed was told what failed and what to do. {@link
 * io.holdfast.deploy.faults.KillTest} kills during every kind of work; days that have to pass
 * meanwhile pass on the processes' clocks ({@link io.holdfast.deploy.faults.LaterMain}).
 *
 * <p>Owns two fleets: {@link io.holdfast.deploy.faults.ProcessFleet} of real processes from this
 * build's class path, and {@link io.holdfast.deploy.faults.DiskFleet} of one coordinator in this
 * process whose vault lies on a disk in memory that fails as told.
 *
 * <p>Must never: end a process that it didn't start, nor by name; wait a fixed time for something
 * that can be asked for. Where the fault is a moment, the moment comes from the seed; {@link
 * io.holdfast.deploy.faults.Seed} says how a failure is run again.
 *
 * <p>The long forms carry the tag "full". Those that need root, loop devices and mkfs say so and
 * are skipped where the machine can't.
 */
package io.holdfast.deploy.faults;
