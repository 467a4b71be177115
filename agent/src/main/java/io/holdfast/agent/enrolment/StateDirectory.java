package io.holdfast.agent.enrolment;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the agent keeps what it must not lose.
 *
 * @param root on a local file system, owned by the agent's user
 */
public record StateDirectory(Path root) {
  private static final String OWNER_ONLY = "rwx------";

  /** Makes what is missing, for the owner alone. IO if that can't be done. */
  public static StateDirectory open(Path root) {
    StateDirectory state = new StateDirectory(root);
    create(root);
    create(state.identity());
    create(state.receipts());
    create(state.scratch());
    create(state.consents());
    create(state.unfinished());
    return state;
  }

  static void create(Path directory) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO,
          "cannot make the agent's state directory "
              + directory
              + ": "
              + e
              + "; run the agent as the user who owns it",
          e);
    }
  }

  /**
   * Takes the directory for this process until the lock is released or the process ends. BUSY if
   * another one has it.
   */
  public HeldLock hold(FileSystem fileSystem) {
    try {
      return fileSystem
          .tryLock(root.resolve("lock"))
          .orElseThrow(() ->
              new HoldfastException(
                  ErrorCode.BUSY,
                  "another agent runs on "
                      + root
                      + "; stop that one first, or give this one a data_dir of its own and enrol"
                      + " it"));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "cannot lock the agent's state directory " + root + ": " + e, e);
    }
  }

  /** Lets go of what {@link #hold} took. */
  public static void release(HeldLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "cannot unlock the agent's state directory: " + e, e);
    }
  }

  Path identity() {
    return root.resolve("identity");
  }

  /** What is made for another repository before this host is of it; see {@link HostMove}. */
  StateDirectory next() {
    return new StateDirectory(root.resolve("next"));
  }

  /** Identities of repositories that this host was moved away from, one directory each. */
  Path former() {
    return root.resolve("former");
  }

  /** For which token {@link #next} is made. */
  Path order() {
    return root.resolve("order");
  }

  /** Of a former identity: what this host is called where it went. */
  Path movedTo() {
    return root.resolve("moved-to");
  }

  /** Of a former identity: there once its coordinator knows that this host went. */
  Path confirmed() {
    return root.resolve("confirmed");
  }

  /** Archives of databases, as orders left them. */
  Path postgresql() {
    return root.resolve("postgresql");
  }

  /** Room for sorting large directories; made with the state, emptied by nobody but its users. */
  public Path scratch() {
    return root.resolve("scratch");
  }

  /** What backups under way have to put right on this host, one file a job. */
  public Path unfinished() {
    return root.resolve("unfinished");
  }

  /** Cached pages: may be deleted at any time. */
  public Path pages() {
    return root.resolve("pages");
  }

  /** Questions to whoever is root on this host, and his answers. */
  public Path consents() {
    return root.resolve("consents");
  }

  /** Signed receipts, one file a commit. */
  public Path receipts() {
    return root.resolve("receipts");
  }

  Path credential() {
    return identity().resolve("credential.pem");
  }

  Path signingKey() {
    return identity().resolve("signing.pem");
  }

  Path encryptionKey() {
    return identity().resolve("encryption.key");
  }

  Path grant() {
    return identity().resolve("grant");
  }

  /** Of a private repository: what is handed in of this host's keys. */
  Path sealedKeys() {
    return identity().resolve("sealed-keys");
  }

  /** The same keys, sealed to another recovery key: from when that took the first one's place. */
  Path resealedKeys() {
    return identity().resolve("resealed-keys");
  }

  /** The fleet's roots; there once a second one was learned. */
  Path roots() {
    return identity().resolve("roots");
  }

  Path enrolled() {
    return identity().resolve("enrolled");
  }

  /** Whether a host's identity is there. */
  public boolean isEnrolled() {
    return Files.exists(enrolled());
  }

  Path authority() {
    return root.resolve("authority");
  }
}
