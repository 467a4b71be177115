package io.holdfast.common.config;

/**
 * One key as it took effect.
 *
 * @param key with its sections, such as {@code vault.directory}
 * @param text the value as it would stand in a file; secrets masked
 * @param origin {@code default}, {@code file:line}, or what an override said of itself
 */
public record EffectiveValue(String key, String text, String origin) {}
