/**
 * The command {@code holdfast}: options, commands, exit codes, and the wiring of the process.
 *
 * <p>Owns every command class, {@link io.holdfast.deploy.cli.ExitCode} (the one table from error
 * kinds to exit codes), {@link io.holdfast.deploy.cli.LocalOperations} (what runs on this machine
 * instead of being asked of a coordinator) and the main class. A command parses, calls one thing,
 * and prints one thing; {@link io.holdfast.deploy.cli.Shell} gives it the world: streams,
 * environment, terminal, time, interrupts.
 *
 * <p>Must never: take a secret as an argument (every user of the machine reads argument lists),
 * print one except where it was asked for, touch gRPC (that is {@code deploy.link}), or end the
 * process anywhere but in the main class.
 *
 * <p>Threads: the main one; an interrupt's action runs on a thread of the JVM's shutdown. Files:
 * configuration, password and token files that options or the environment name.
 *
 * <p>Tests: the whole command line in process, against a real gRPC service on a real Unix socket.
 */
package io.holdfast.deploy.cli;
