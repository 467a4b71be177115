package io.holdfast.common.page;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Totals;

/**
 * A page that was left out because it couldn't be had, as its index tells of it.
 *
 * @param first path of its first entry
 * @param totals of all it holds, what was read of it before included
 */
public record LostRange(EntryPath first, Totals totals) {}
