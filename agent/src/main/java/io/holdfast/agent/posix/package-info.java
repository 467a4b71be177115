/**
 * The host's kernel, typed: file and directory calls by descriptor and byte name, straight to libc.
 *
 * <p>Owns every use of {@code java.lang.foreign} for system calls in the agent, the error numbers
 * and the open flags of each processor. The JDK's own file API is not used here because it turns
 * names into strings (a name that isn't valid UTF-8 would be lost), resolves whole paths (so a
 * swapped parent directory could lead a restore outside its target), and knows neither {@code
 * O_NOATIME} nor {@code SEEK_HOLE} nor extended attributes of symbolic links. {@link
 * io.holdfast.agent.posix.ProcessNote} alone uses it, for a file of the agent's own.
 *
 * <p>Two forms of call: {@code tryX} returns a negative error number as the kernel does and makes
 * no garbage (the walk turns it into a gap); {@code x} throws {@link
 * io.holdfast.agent.posix.PosixException}. Names and paths are byte arrays from end to end and are
 * refused if they contain NUL.
 *
 * <p>Must never: know about snapshots, entries or policies; follow a symbolic link unless a method
 * says so; depend on the process's working directory.
 *
 * <p>Threads: all calls are safe from any thread; argument memory is per thread and reused. A call
 * blocks (and pins) its thread, so callers use platform threads for bulk work. Files: none of its
 * own. Tests: {@code PosixTest}, {@code XattrsTest}, {@code PosixFileTest}; most run as any user,
 * those that need root say so and are skipped without it.
 *
 * <p>Linux with glibc or musl on x86_64 and aarch64: only {@code Abi} knows the difference.
 */
package io.holdfast.agent.posix;
