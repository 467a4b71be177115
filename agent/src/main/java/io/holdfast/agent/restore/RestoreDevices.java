package io.holdfast.agent.restore;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Block devices that this host lets anybody write a disk image onto (I7): its own configuration's
 * word, which no order overrides. Any thread.
 *
 * @param allowed compared as what they lead to
 */
public record RestoreDevices(List<Path> allowed) {
  public RestoreDevices {
    allowed = List.copyOf(allowed);
  }

  /**
   * The device to write onto, with its links resolved. TARGET_NOT_ALLOWED, or TARGET_UNWRITABLE if
   * there is no such device.
   */
  public Path check(String wanted) {
    Path real = real(wanted);
    if (allowed.stream().noneMatch(device -> isSame(device, real))) {
      throw new HoldfastException(
          ErrorCode.TARGET_NOT_ALLOWED,
          "this host allows no restore onto the device "
              + wanted
              + ", only onto "
              + allowed
              + "; add it to restore.devices in the agent's configuration");
    }
    return real;
  }

  private static Path real(String wanted) {
    try {
      Path real = Path.of(wanted).toRealPath();
      if (Posix.statAt(Posix.NO_DIRECTORY, Names.of(real.toString())).kind()
          != FileKind.BLOCK_DEVICE) {
        throw unwritable(wanted, "it is no block device", null);
      }
      return real;
    } catch (NoSuchFileException e) {
      throw unwritable(wanted, "this host has no such device", e);
    } catch (IOException | InvalidPathException e) {
      throw unwritable(wanted, e.getMessage(), e);
    }
  }

  private static boolean isSame(Path allowed, Path real) {
    try {
      return allowed.toRealPath().equals(real);
    } catch (IOException e) {
      return false; // not there now
    }
  }

  static HoldfastException unwritable(String device, String why, Exception cause) {
    return new HoldfastException(
        ErrorCode.TARGET_UNWRITABLE,
        "nothing can be restored onto " + device + ": " + why + "; give another device",
        cause);
  }

  /** The one file of a snapshot that goes onto a device. */
  static HoldfastException noFile(EntryPath file, String why) {
    return new HoldfastException(
        ErrorCode.PATH_NOT_FOUND,
        "'" + file + "' can't be restored onto a device: " + why + "; name a disk image in it");
  }
}
