package io.holdfast.coordinator.catalog.store;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB's errors mean to the catalog. */
final class RocksErrors {
  private RocksErrors() {}

  /**
   * For an open store: damage is what RocksDB calls corruption, and a file of its own that is gone,
   * which it notices only when it first needs it. A disk that fails to answer may do so later.
   */
  static HoldfastException whileRunning(String doing, RocksDBException cause) {
    if (isFull(cause)) {
      return full(doing, cause);
    }
    return hasCode(cause, Status.Code.Corruption) || isFileGone(cause)
        ? damaged(doing, cause)
        : new HoldfastException(
            ErrorCode.IO,
            doing + " failed: " + cause.getMessage() + "; check the disk of the catalog",
            cause);
  }

  /**
   * For a directory that doesn't open: everything but a full disk is damage, since a missing file,
   * a foreign family or an unknown format all end the same way, by a rebuild.
   */
  static HoldfastException whileOpening(String doing, RocksDBException cause) {
    return isFull(cause) ? full(doing, cause) : damaged(doing, cause);
  }

  private static HoldfastException full(String doing, RocksDBException cause) {
    return new HoldfastException(
        ErrorCode.DISK_FULL,
        doing + " failed, no space is left: " + cause.getMessage() + "; free space, then restart",
        cause);
  }

  private static HoldfastException damaged(String doing, RocksDBException cause) {
    return new HoldfastException(
        ErrorCode.CATALOG_DAMAGED,
        doing + " found damage: " + cause.getMessage() + "; it is rebuilt from the journal",
        cause);
  }

  private static boolean isFull(RocksDBException cause) {
    return cause.getStatus() != null && cause.getStatus().getSubCode() == Status.SubCode.NoSpace;
  }

  /** RocksDB's subcode for it has no Java name; the words are the C library's. */
  private static boolean isFileGone(RocksDBException cause) {
    return hasCode(cause, Status.Code.IOError)
        && cause.getMessage() != null
        && cause.getMessage().contains("No such file or directory");
  }

  private static boolean hasCode(RocksDBException cause, Status.Code code) {
    return cause.getStatus() != null && cause.getStatus().getCode() == code;
  }
}
