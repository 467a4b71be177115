package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.deploy.output.Fields;
import io.holdfast.proto.wire.v1.ChunkKind;
import io.holdfast.proto.wire.v1.DifferenceKind;
import io.holdfast.proto.wire.v1.File;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.ProofStatement;
import io.holdfast.proto.wire.v1.RunTotals;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.SnapshotState;
import io.holdfast.proto.wire.v1.VerifyLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What the coordinator's messages say, as fields and words. */
final class WireViews {
  private static final String PERMISSIONS = "rwxrwxrwx";
  private static final String TYPE_LETTERS = "?-dlcbps";

  private WireViews() {}

  static Fields fields(Snapshot snapshot) {
    Fields fields =
        new Fields()
            .id("snapshot", snapshot.getSnapshot())
            .text("host", snapshot.getHostName())
            .id("host_id", snapshot.getHost())
            .names("sources", snapshot.getSourcesList())
            .time("time", snapshot.getTimeMillis())
            .time("host_time", snapshot.getHostTimeMillis())
            .duration("duration", Duration.ofMillis(snapshot.getDurationMillis()))
            .text("outcome", snapshot.getComplete() ? "complete" : "complete with gaps")
            .text("state", state(snapshot.getState()));
    if (snapshot.hasProof()) {
      fields.group("proof", fields(snapshot.getProof()));
    }
    return totals(fields, snapshot.getTotals())
        .id("root", snapshot.getRoot())
        .id("run", snapshot.getRun())
        .count("journal_seq", snapshot.getSeq())
        .texts("holds", snapshot.getHoldsList())
        .time("deleted", snapshot.getDeletedMillis())
        .time("undo_until", snapshot.getUndoUntilMillis())
        .text("deleted_by", deletedBy(snapshot));
  }

  /** Who said it, when, and in which record. */
  static Fields fields(ProofStatement statement) {
    return addTo(new Fields(), statement);
  }

  static Fields addTo(Fields fields, ProofStatement statement) {
    return fields
        .text("level", level(statement.getLevel()))
        .time("time", statement.getTimeMillis())
        .id("coordinator", statement.getCoordinator())
        .count("term", statement.getTerm())
        .count("journal_seq", statement.getSeq());
  }

  static String level(VerifyLevel level) {
    return switch (level) {
      case VERIFY_LEVEL_CHECKED -> "checked";
      case VERIFY_LEVEL_PROVEN -> "proven";
      case VERIFY_LEVEL_UNSPECIFIED, UNRECOGNIZED -> "written";
    };
  }

  private static String deletedBy(Snapshot snapshot) {
    if (snapshot.getDeletedMillis() == 0) {
      return "";
    }
    return snapshot.getDeletedByRules() ? "retention" : "operator";
  }

  static Fields totals(Fields fields, RunTotals totals) {
    return fields
        .count("entries", totals.getEntries())
        .count("files", totals.getFiles())
        .count("directories", totals.getDirectories())
        .size("logical_bytes", totals.getLogicalBytes())
        .size("new_bytes", totals.getUploadedPlainBytes())
        .size("sent_bytes", totals.getUploadedSealedBytes())
        .count("gaps", totals.getGaps());
  }

  private static String state(SnapshotState state) {
    return switch (state) {
      case SNAPSHOT_STATE_STORED -> "stored";
      case SNAPSHOT_STATE_CHECKED -> "checked";
      case SNAPSHOT_STATE_PROVEN -> "proven";
      case SNAPSHOT_STATE_DAMAGED -> "damaged";
      case SNAPSHOT_STATE_ERASED -> "erased";
      case SNAPSHOT_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  static Fields fields(File file) {
    Fields fields =
        new Fields()
            .name("path", file.getPath())
            .text("type", typeName(file.getType()))
            .text("mode", String.format(Locale.ROOT, "%04o", file.getMode()))
            .count("uid", Integer.toUnsignedLong(file.getUid()))
            .count("gid", Integer.toUnsignedLong(file.getGid()))
            .size("size", file.getSize())
            .time("modified", modified(file))
            .name("link_target", file.getLinkTarget());
    return file.getGap() == 0 ? fields : fields.text("gap", gapReason(file.getGap()));
  }

  static Instant modified(File file) {
    return Instant.ofEpochSecond(file.getMtimeSeconds(), file.getMtimeNanos());
  }

  /** Type and permissions as {@code ls -l} shows them. */
  static String modeLetters(File file) {
    StringBuilder out = new StringBuilder().append(typeLetter(file.getType()));
    for (int bit = 0; bit < PERMISSIONS.length(); bit++) {
      boolean set = (file.getMode() & (1 << (PERMISSIONS.length() - 1 - bit))) != 0;
      out.append(set ? PERMISSIONS.charAt(bit) : '-');
    }
    special(out, file.getMode(), 04000, 3, 's');
    special(out, file.getMode(), 02000, 6, 's');
    special(out, file.getMode(), 01000, 9, 't');
    return out.toString();
  }

  private static void special(StringBuilder out, int mode, int bit, int at, char letter) {
    if ((mode & bit) != 0) {
      out.setCharAt(at, out.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
    }
  }

  private static char typeLetter(int type) {
    return type > 0 && type < TYPE_LETTERS.length() ? TYPE_LETTERS.charAt(type) : '?';
  }

  private static String typeName(int type) {
    return switch (type) {
      case 1 -> "file";
      case 2 -> "directory";
      case 3 -> "symbolic link";
      case 4 -> "character device";
      case 5 -> "block device";
      case 6 -> "fifo";
      case 7 -> "socket";
      default -> "unknown";
    };
  }

  static String gapReason(int reason) {
    return switch (reason) {
      case 1 -> "unreadable";
      case 2 -> "vanished";
      case 3 -> "changed while read";
      case 4 -> "extended attributes unreadable";
      case 5 -> "extended attributes too large";
      case 6 -> "name too long";
      case 7 -> "unsupported type";
      case 8 -> "input/output error";
      case 9 -> "directory unreadable";
      default -> "unknown reason " + reason;
    };
  }

  static Fields fields(Gap gap) {
    return new Fields()
        .name("path", gap.getPath())
        .text("reason", gap.getReason() == 0 ? "" : gapReason(gap.getReason()))
        .text("text", gap.getText());
  }

  static String changeName(DifferenceKind kind) {
    return switch (kind) {
      case DIFFERENCE_KIND_ADDED -> "added";
      case DIFFERENCE_KIND_REMOVED -> "removed";
      case DIFFERENCE_KIND_CONTENT -> "content";
      case DIFFERENCE_KIND_METADATA -> "metadata";
      case DIFFERENCE_KIND_TYPE -> "type";
      case DIFFERENCE_KIND_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  static String changeLetter(DifferenceKind kind) {
    return switch (kind) {
      case DIFFERENCE_KIND_ADDED -> "+";
      case DIFFERENCE_KIND_REMOVED -> "-";
      case DIFFERENCE_KIND_CONTENT -> "M";
      case DIFFERENCE_KIND_METADATA -> "U";
      case DIFFERENCE_KIND_TYPE -> "T";
      case DIFFERENCE_KIND_UNSPECIFIED, UNRECOGNIZED -> "?";
    };
  }

  static String chunkKind(ChunkKind kind) {
    return switch (kind) {
      case CHUNK_KIND_DATA -> "data";
      case CHUNK_KIND_BUNDLE -> "bundle";
      case CHUNK_KIND_BLOCK_MAP -> "block map";
      case CHUNK_KIND_PAGE -> "page";
      case CHUNK_KIND_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  /** A path on a host, from the command line. */
  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
