package io.holdfast.coordinator.vault;

import io.holdfast.common.seam.FileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * One ordered listing of a directory tree in bounded memory. A file system lists in no order; so
 * each directory is passed once per page, keeping the page's worth of smallest names past the last
 * one. That is one pass for all but enormous directories. A directory sorts as its name with the
 * slash, as the names below it do.
 *
 * <p>What isn't a valid object name ({@code lost+found}, a NAS's {@code .snapshot}, NFS's {@code
 * .nfs...}) is not an object and isn't shown.
 */
final class DirectoryListing {
  static final int NAMES_PER_PAGE = 50_000;

  private final FileSystem fileSystem;
  private final Path root;
  private final String startAfter;
  private final ObjectVisitor visitor;
  private final int namesPerPage;

  DirectoryListing(
      FileSystem fileSystem,
      Path root,
      String startAfter,
      ObjectVisitor visitor,
      int namesPerPage) {
    this.fileSystem = fileSystem;
    this.root = root;
    this.startAfter = startAfter;
    this.visitor = visitor;
    this.namesPerPage = namesPerPage;
  }

  /**
   * Shows what is below the prefix; answers whether the visitor wants more.
   *
   * @throws NoSuchFileException if there is no such directory
   */
  boolean show(ObjectPrefix prefix) throws IOException {
    return showDirectory(prefix.value());
  }

  private boolean showDirectory(String prefix) throws IOException {
    String last = "";
    while (true) {
      List<String> page = nextPage(prefix, last);
      for (String key : page) {
        if (!showEntry(key)) {
          return false;
        }
      }
      if (page.size() < namesPerPage) {
        return true;
      }
      last = page.getLast();
    }
  }

  private List<String> nextPage(String prefix, String last) throws IOException {
    TreeSet<String> page = new TreeSet<>();
    fileSystem.list(
        root.resolve(prefix),
        (name, isDirectory) -> {
          String key = prefix + name + (isDirectory ? "/" : "");
          if (ObjectName.isValid(prefix + name) && isWanted(key) && key.compareTo(last) > 0) {
            page.add(key);
          }
          if (page.size() > namesPerPage) {
            page.removeLast();
          }
          return true;
        });
    return List.copyOf(page);
  }

  /** Whether anything at or below the key sorts after the start. */
  private boolean isWanted(String key) {
    return key.compareTo(startAfter) > 0 || (key.endsWith("/") && startAfter.startsWith(key));
  }

  private boolean showEntry(String key) throws IOException {
    if (!key.endsWith("/")) {
      return visitor.visit(ObjectName.of(key));
    }
    try {
      return showDirectory(key);
    } catch (NoSuchFileException removedMeanwhile) {
      return true;
    }
  }
}
