package io.holdfast.agent.testkit;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Xattr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A tree of files as a value: kinds, content, permission bits, owners, modification times to the
 * nanosecond, extended attributes, holes and hard-link groups.
 *
 * <p>Built as a literal, each entry followed by what is special about it:
 *
 * <pre>{@code
 * FileTree tree = FileTree.empty()
 *     .directory("etc")
 *     .file("etc/passwd", "root").mode(0600)
 *     .symlink("etc/link", "passwd")
 *     .hardLink("etc/shadow", "etc/passwd");
 * }</pre>
 *
 * Immutable: each step answers a new tree. What isn't said (owner, time) isn't set and isn't
 * compared.
 */
public final class FileTree {
  private final SortedMap<String, TreeNode> nodes;
  private final String last;

  private FileTree(SortedMap<String, TreeNode> nodes, String last) {
    this.nodes = nodes;
    this.last = last;
  }

  public static FileTree empty() {
    return new FileTree(new TreeMap<>(FileTree::comparePaths), null);
  }

  static FileTree of(SortedMap<String, TreeNode> nodes) {
    return new FileTree(nodes, null);
  }

  private static int comparePaths(String left, String right) {
    return Names.comparePaths(bytes(left), bytes(right));
  }

  /** The bytes of a name as this kit writes it. */
  public static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A name as this kit writes it. */
  public static String string(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  public FileTree directory(String path) {
    return with(path, TreeNode.of(FileKind.DIRECTORY));
  }

  public FileTree file(String path, String content) {
    return file(path, bytes(content));
  }

  public FileTree file(String path, byte[] content) {
    return with(path, TreeNode.of(FileKind.FILE).withContent(content));
  }

  /** A file of {@code sizeBytes} that is one hole but for what {@link #data} puts there. */
  public FileTree sparse(String path, long sizeBytes) {
    return with(path, TreeNode.of(FileKind.FILE).withSize(sizeBytes));
  }

  /** Puts data into the last sparse file; offsets are best multiples of 64 KiB. */
  public FileTree data(long offset, byte[] content) {
    return change(node -> node.withData(offset, content));
  }

  public FileTree symlink(String path, String target) {
    return with(path, TreeNode.of(FileKind.SYMLINK).withContent(bytes(target)));
  }

  public FileTree fifo(String path) {
    return with(path, TreeNode.of(FileKind.FIFO));
  }

  /** A character device; only root can write it. */
  public FileTree device(String path, int major, int minor) {
    return with(path, TreeNode.of(FileKind.CHAR_DEVICE).withDevice(major, minor));
  }

  /** A further name of the file at {@code existing}. */
  public FileTree hardLink(String path, String existing) {
    String first = nodes.get(existing).linkedTo() == null ? existing : existingName(existing);
    return with(path, nodes.get(first).withLinkedTo(first));
  }

  private String existingName(String path) {
    return nodes.get(path).linkedTo();
  }

  /** The permission bits of the last entry. */
  public FileTree mode(int permissions) {
    return change(node -> node.withMode(permissions));
  }

  public FileTree owner(int uid, int gid) {
    return change(node -> node.withOwner(uid, gid));
  }

  public FileTree modified(long seconds, int nanos) {
    return change(node -> node.withModified(seconds, nanos));
  }

  public FileTree xattr(String name, byte[] value) {
    return change(node -> node.withXattr(new Xattr(bytes(name), value)));
  }

  private FileTree with(String path, TreeNode node) {
    TreeMap<String, TreeNode> changed = new TreeMap<>(nodes);
    if (changed.put(path, node) != null) {
      throw new IllegalArgumentException("twice in one tree: " + path);
    }
    return new FileTree(changed, path);
  }

  private FileTree change(UnaryOperator<TreeNode> change) {
    TreeMap<String, TreeNode> changed = new TreeMap<>(nodes);
    changed.put(last, change.apply(changed.get(last)));
    return new FileTree(changed, last);
  }

  /** The entries by path, parents first. */
  public SortedMap<String, TreeNode> nodes() {
    return Collections.unmodifiableSortedMap(nodes);
  }

  /** The entries at and below {@code prefix}, with that taken off their paths. */
  public FileTree below(String prefix) {
    TreeMap<String, TreeNode> found = new TreeMap<>(FileTree::comparePaths);
    nodes.forEach((path, node) -> {
      if (path.startsWith(prefix + "/")) {
        found.put(path.substring(prefix.length() + 1), node);
      }
    });
    return new FileTree(found, null);
  }

  /** Writes all entries into an existing directory that has none of them. */
  public FileTree writeTo(Path directory) throws IOException {
    TreeFiles.write(this, directory);
    return this;
  }

  /** Everything in a directory, with all that can be said about it. */
  public static FileTree read(Path directory) throws IOException {
    return TreeFiles.read(directory);
  }

  /**
   * What {@code actual} lacks, has beyond this tree, or has otherwise; empty if it is all that this
   * tree says. Holes count as data of zeros in content, and are compared as ranges where this tree
   * is sparse.
   */
  public List<String> differences(FileTree actual) {
    List<String> out = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(FileTree::comparePaths);
    paths.addAll(nodes.keySet());
    paths.addAll(actual.nodes.keySet());
    for (String path : paths) {
      TreeNode expected = nodes.get(path);
      TreeNode found = actual.nodes.get(path);
      String name = Names.display(bytes(path));
      if (found == null) {
        out.add(name + ": missing");
      } else if (expected == null) {
        out.add(name + ": unexpected " + found.kind());
      } else {
        expected.addDifferences(name, found, out);
      }
    }
    addLinkDifferences(actual, out);
    return out;
  }

  private void addLinkDifferences(FileTree actual, List<String> out) {
    for (Map.Entry<String, TreeNode> entry : nodes.entrySet()) {
      TreeNode found = actual.nodes.get(entry.getKey());
      String expected = entry.getValue().linkedTo();
      boolean linked = found != null && found.linkedTo() != null;
      if (found != null && expected != null && !linked) {
        out.add(entry.getKey() + ": not linked to " + expected);
      } else if (expected != null && linked && !sameGroup(actual, entry.getKey(), expected)) {
        out.add(entry.getKey() + ": linked elsewhere than " + expected);
      } else if (expected == null && linked && !isLinkSource(entry.getKey())) {
        out.add(entry.getKey() + ": unexpectedly linked to " + found.linkedTo());
      }
    }
  }

  private static boolean sameGroup(FileTree tree, String left, String right) {
    return tree.groupOf(left).equals(tree.groupOf(right));
  }

  private String groupOf(String path) {
    TreeNode node = nodes.get(path);
    return node == null || node.linkedTo() == null ? path : node.linkedTo();
  }

  private boolean isLinkSource(String path) {
    return nodes.values().stream().anyMatch(node -> path.equals(node.linkedTo()));
  }
}
