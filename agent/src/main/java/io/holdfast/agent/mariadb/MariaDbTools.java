package io.holdfast.agent.mariadb;

import java.nio.file.Path;

/**
 * The server's own programs on this host.
 *
 * @param dump writes statements
 * @param backup writes a physical backup as a stream
 * @param scratch what the latter needs of a directory
 */
public record MariaDbTools(Path dump, Path backup, Path scratch) {}
