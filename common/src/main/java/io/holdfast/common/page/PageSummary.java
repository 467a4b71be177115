package io.holdfast.common.page;

import io.holdfast.common.entry.Totals;

/**
 * What a {@link PageSink} is told of a page beside its bytes.
 *
 * @param level 0 for a leaf
 * @param root whether it leads to the whole snapshot
 * @param items entries or children on the page
 * @param totals of everything on and below it
 */
public record PageSummary(int level, boolean root, int items, Totals totals) {}
