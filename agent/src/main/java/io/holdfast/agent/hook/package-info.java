/**
 * Programs of the host that a backup runs by their names: around it, or for what they print.
 *
 * <p>Owns which files may be run ({@link io.holdfast.agent.hook.HookDirectory}), how ({@code
 * HookProcess}: without a shell, with an environment of its own, in a process group of its own,
 * within a time), and what is kept of their output. {@link io.holdfast.agent.hook.Hooks} runs one
 * to its end, or hands out what it prints as it prints it.
 *
 * <ul>
 *   <li>K1 Only a file is run that nobody but root or the agent's own user can have put there: it,
 *       its directory and every directory above belong to one of these and are writable by nobody
 *       else (I7). Names are names, never paths or command lines.
 *   <li>K2 A program that is over its time, or whose job ends, is asked to end, and after a while
 *       ended, with everything in its process group. What left the group on purpose is on its own:
 *       its output goes nowhere. What outlived an agent that was killed is ended when it starts
 *       again.
 *   <li>K3 Nothing a program does holds the agent up or fills its memory: its output is read
 *       without waiting for it, the end of it kept, the rest dropped.
 *   <li>K4 A stream is whole only when nobody has it open for writing any more and the program
 *       ended with status 0.
 * </ul>
 *
 * <p>Must never: pass a program anything of the agent's environment, or what an order says as
 * arguments.
 *
 * <p>Threads: a program belongs to the thread that started it. Files: pipes in the agent's scratch
 * directory, named for a moment. Tests: {@code HookDirectoryTest}, {@code HooksTest} with programs
 * that hang, fail, print for ever, ignore signals and leave children behind.
 */
package io.holdfast.agent.hook;
