package io.holdfast.agent.walk;

/**
 * What a walk has met so far.
 *
 * @param entries handed out
 * @param gaps handed out
 * @param excluded entries left out by filters or as the agent's own; not counting what is in them
 * @param cacheDirectories directories reduced to their cache tag
 * @param sockets left out: they mean nothing without their process
 * @param fileSystems mount points kept empty, by choice or because the file system is the kernel's
 */
public record WalkCounts(
    long entries,
    long gaps,
    long excluded,
    long cacheDirectories,
    long sockets,
    long fileSystems) {}
