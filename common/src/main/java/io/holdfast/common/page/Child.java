package io.holdfast.common.page;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;

/**
 * A page as the index page above it sees it.
 *
 * @param first key of the first entry on or below it
 * @param totals of everything on and below it
 */
public record Child(EntryKey first, Reference page, Totals totals) {}
