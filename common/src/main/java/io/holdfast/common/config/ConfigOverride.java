package io.holdfast.common.config;

/**
 * A value that goes before the file's.
 *
 * @param key with its sections, such as {@code vault.directory}
 * @param text as it would stand in a file
 * @param origin what gave it, such as {@code option --data-dir}
 */
public record ConfigOverride(String key, String text, String origin) {}
