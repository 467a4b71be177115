package io.holdfast.common.page;

import io.holdfast.common.entry.Reference;

/**
 * A snapshot's pages as {@link PageTreeWriter} wrote them.
 *
 * @param root what the snapshot record seals
 * @param header sources and totals, as the root holds them
 * @param leafPages number of leaf pages
 * @param indexPages number of index pages, the root included
 * @param pageBytes plaintext bytes of all pages
 */
public record PageTree(
    Reference root, RootHeader header, long leafPages, long indexPages, long pageBytes) {}
