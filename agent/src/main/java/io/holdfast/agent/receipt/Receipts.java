package io.holdfast.agent.receipt;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.stored.v1.Receipt;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receipts of this host, one file a commit, numbered in the order in which they came: a vault
 * that was set back hands out receipts for slots that were used before, so the slot orders nothing.
 */
public final class Receipts {
  /** Kept of each source set. */
  public static final int KEPT = 32;

  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
  private static final String SUFFIX = ".receipt";

  private final Path directory;
  private final ReceiptCheck check;
  private final Time time;

  /** Receipts of {@code host} in {@code directory}, which exists. */
  public Receipts(
      Path directory, FleetTrust trust, RepositoryId repository, HostId host, Time time) {
    this.directory = directory;
    this.check = new ReceiptCheck(trust, repository, host);
    this.time = time;
  }

  /**
   * Verifies what a coordinator answered to {@code commit}.
   *
   * @throws HoldfastException MALFORMED, SIGNATURE_INVALID, CERTIFICATE_INVALID or
   *     CERTIFICATE_EXPIRED if it isn't a receipt of that commit by a coordinator of this fleet
   */
  public Receipt verify(byte[] signed, CommittedRun commit) {
    return check.check(signed, commit, time.now());
  }

  /**
   * Keeps a receipt that verified, durably when this returns. One that can't be kept is logged: the
   * backup stands all the same.
   */
  public synchronized void keep(byte[] signed, CommittedRun commit) {
    try {
      write(signed, commit.sourceSet());
    } catch (IOException | HoldfastException e) {
      LOG.error(
          "snapshot {} is committed, but its receipt can't be kept in {}: {}; make room there",
          commit.snapshot(),
          directory,
          e.getMessage());
    }
  }

  private void write(byte[] signed, Bytes32 sourceSet) throws IOException {
    List<Path> kept = files(sourceSet.toString());
    long number = kept.isEmpty() ? 1 : number(kept.getLast()) + 1;
    SecretFile.write(
        directory.resolve("%s-%016x%s".formatted(sourceSet, number, SUFFIX)),
        ReceiptFile.encode(signed));
    for (Path old : kept.subList(0, Math.max(0, kept.size() + 1 - KEPT))) {
      Files.deleteIfExists(old);
    }
  }

  /**
   * The receipts that are kept in {@code directory}, unverified.
   *
   * @param visitor is shown each, and when its file was written
   */
  public static void list(Path directory, BiConsumer<Receipt, Instant> visitor) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*-*" + SUFFIX)) {
      for (Path file : all) {
        Instant kept = Files.getLastModifiedTime(file).toInstant();
        read(file).ifPresent(receipt -> visitor.accept(receipt, kept));
      }
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the receipts in " + directory + " can't be listed: " + e.getMessage(), e);
    }
  }

  /** Every receipt that is kept, those of a source set in the order in which they came. */
  synchronized List<Receipt> all() {
    try {
      return files("").stream().flatMap(file -> read(file).stream()).toList();
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the receipts in " + directory + " can't be listed: " + e.getMessage(), e);
    }
  }

  /** One damaged file is one receipt less, said aloud. */
  private static Optional<Receipt> read(Path file) {
    try {
      byte[] signed = ReceiptFile.decode(file.toString(), Files.readAllBytes(file));
      return Optional.of(ReceiptCheck.parseReceipt(ReceiptCheck.parse(signed).getReceipt()));
    } catch (IOException | HoldfastException e) {
      LOG.warn("receipt {} is passed over: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  /** Ascending by number, within each source set. */
  private List<Path> files(String prefix) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, prefix + "*-*" + SUFFIX)) {
      all.forEach(files::add);
    }
    files.sort(Comparator.comparing(file -> file.getFileName().toString()));
    return files;
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    int from = name.lastIndexOf('-') + 1;
    return Long.parseUnsignedLong(name.substring(from, name.length() - SUFFIX.length()), 16);
  }
}
