package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;

/** Is told what of a restored entry could not be set: owner, mode, an attribute. Any thread. */
@FunctionalInterface
public interface Differences {
  void differs(EntryPath path, String text);
}
