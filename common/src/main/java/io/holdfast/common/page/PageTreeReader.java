package io.holdfast.common.page;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.Optional;

/**
 * Reads a snapshot from its root. Immutable; each cursor holds one page a level and reads what it
 * passes, so what is shown is what is read. May be shared by threads if its source may.
 *
 * <p>All methods throw PAGE_CORRUPT, LIMIT_EXCEEDED or UNKNOWN_VERSION for bad pages, and what the
 * source throws.
 */
public final class PageTreeReader {
  private final PageSource source;
  private final Reference rootReference;
  private final IndexPage root;
  private final RootHeader header;

  private PageTreeReader(PageSource source, Reference rootReference, IndexPage root) {
    this.source = source;
    this.rootReference = rootReference;
    this.root = root;
    this.header = root.root().orElseThrow(() -> notRoot());
  }

  /** Reads the root page and nothing else. */
  public static PageTreeReader open(PageSource source, Reference root) {
    return switch (PageCodec.decode(source.read(root))) {
      case IndexPage page -> new PageTreeReader(source, root, page);
      case LeafPage page -> throw notRoot();
    };
  }

  private static HoldfastException notRoot() {
    return new HoldfastException(
        ErrorCode.PAGE_CORRUPT, "the page that should be a snapshot's root is none");
  }

  /** Sources and totals. */
  public RootHeader header() {
    return header;
  }

  Reference rootReference() {
    return rootReference;
  }

  PageWalker walker() {
    return new PageWalker(source, root);
  }

  /** All entries, from the first. */
  public TreeCursor entries() {
    return new TreeCursor(walker());
  }

  /** The entries from the first whose path is {@code from} or comes after it. */
  public TreeCursor entriesFrom(EntryPath from) {
    TreeCursor cursor = entries();
    cursor.seek(from);
    return cursor;
  }

  /** The entries of {@code top} and of everything below it; none if there is no such path. */
  public EntryCursor subtree(EntryPath top) {
    return new SubtreeCursor(entriesFrom(top), top);
  }

  /** The nodes right in {@code directory}, without what is below them; none if it isn't there. */
  public EntryCursor children(EntryPath directory) {
    TreeCursor cursor = entries();
    cursor.seekInside(directory);
    return new ChildrenCursor(cursor, Optional.of(directory));
  }

  /** The nodes at the top of the snapshot. */
  public EntryCursor topLevel() {
    return new ChildrenCursor(entries(), Optional.empty());
  }

  /** The node at exactly {@code path}. */
  public Optional<Node> find(EntryPath path) {
    TreeCursor cursor = entriesFrom(path);
    return cursor.next() && cursor.entry() instanceof Node node && node.path().equals(path)
        ? Optional.of(node)
        : Optional.empty();
  }
}
