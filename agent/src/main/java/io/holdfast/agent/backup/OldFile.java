package io.holdfast.agent.backup;

import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import java.util.Optional;

/**
 * What the base has of a small file that is read.
 *
 * @param content kept if it turns out to be the same
 * @param unchanged kept if the file can't be read: nothing says that it changed, it was only to
 *     leave its bundle
 */
record OldFile(Optional<Form.RegularFile> content, Optional<Node> unchanged) {
  static OldFile changed(Optional<Form.RegularFile> content) {
    return new OldFile(content, Optional.empty());
  }

  static OldFile leavingItsBundle(Node node) {
    return new OldFile(Optional.empty(), Optional.of(node));
  }
}
