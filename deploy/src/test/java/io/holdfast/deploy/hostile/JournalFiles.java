package io.holdfast.deploy.hostile;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Change.ChangeCase;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What stands in a vault's journal, read without any of the coordinator's code. */
record JournalFiles(Path vault) {
  private static final int HEADER_BYTES = 12;
  private static final int SIGNATURE_BYTES = 64;

  /** Kinds of the changes behind slot {@code seq}, in order. */
  List<ChangeCase> changesAfter(long seq) throws IOException {
    List<ChangeCase> changes = new ArrayList<>();
    for (long slot = seq + 1; Files.exists(file(slot)); slot++) {
      for (Mutation mutation : body(slot).getMutationsList()) {
        changes.add(Change.parseFrom(mutation.getClear()).getChangeCase());
      }
    }
    return changes;
  }

  /** Sessions that have neither been closed nor ended by their commit. */
  Set<ByteString> openSessions() throws IOException {
    Set<ByteString> open = new HashSet<>();
    for (long slot = 1; Files.exists(file(slot)); slot++) {
      for (Mutation mutation : body(slot).getMutationsList()) {
        Change change = Change.parseFrom(mutation.getClear());
        open.add(change.getSessionOpened().getSession());
        open.remove(change.getSessionClosed().getSession());
        open.remove(change.getSnapshotCommitted().getSession());
      }
    }
    open.remove(ByteString.EMPTY); // what a change of another kind says
    return open;
  }

  /** The highest slot. */
  long head() {
    long slot = 0;
    while (Files.exists(file(slot + 1))) {
      slot++;
    }
    return slot;
  }

  private RecordBody body(long slot) throws IOException {
    byte[] record = Files.readAllBytes(file(slot));
    try {
      return RecordBody.parseFrom(
          Arrays.copyOfRange(record, HEADER_BYTES, record.length - SIGNATURE_BYTES));
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("slot " + slot, e);
    }
  }

  private Path file(long slot) {
    return vault.resolve("journal/%020d".formatted(slot));
  }
}
