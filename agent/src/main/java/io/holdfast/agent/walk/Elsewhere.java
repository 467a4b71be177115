package io.holdfast.agent.walk;

/**
 * A place of the walk that is read from another one: from a file system snapshot, say, under the
 * path of what it is a snapshot of. Below it, everything is read from there.
 *
 * @param path absolute, as entries of the walk are named
 * @param readFrom absolute, without links in its last component
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Elsewhere(byte[] path, byte[] readFrom) {}
