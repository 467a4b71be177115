package io.holdfast.agent.node;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.FormerIdentities;
import io.holdfast.agent.enrolment.GrantedKeys;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.HostRecord;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.PageCache;
import io.holdfast.agent.link.SnapshotReads;
import io.holdfast.agent.receipt.Receipts;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePorts;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * This host's own snapshots, in the repository that it is of and in those that it was moved away
 * from: listed by its receipts, and restored here by its own keys, for whoever is root. An agent
 * may run meanwhile. One thread.
 */
public final class OwnSnapshots {
  private static final int SHOWN_DIGITS = 8;

  private final StateDirectory state;
  private final List<Endpoint> named;
  private final Time time;
  private final Randomness randomness;

  /**
   * Of the host with that state.
   *
   * @param named where the configuration says that its present coordinators are; may be empty
   */
  public OwnSnapshots(
      StateDirectory state, List<Endpoint> named, Time time, Randomness randomness) {
    this.state = state;
    this.named = List.copyOf(named);
    this.time = time;
    this.randomness = randomness;
  }

  /**
   * A snapshot of which this host keeps the receipt.
   *
   * @param isFormer whether its repository is one that this host was moved away from
   */
  public record Own(
      SnapshotId snapshot, HostRecord host, boolean isFormer, Instant kept, StateDirectory at) {}

  /** The newest first. Errors of a state directory that can't be read. */
  public List<Own> list() {
    List<Own> found = new ArrayList<>();
    if (state.isEnrolled()) {
      add(state, false, found);
    }
    FormerIdentities.of(state).forEach(former -> add(former, true, found));
    found.sort(Comparator.comparing(Own::kept).reversed());
    return found;
  }

  private static void add(StateDirectory at, boolean isFormer, List<Own> found) {
    if (!Files.isDirectory(at.receipts())) {
      return;
    }
    HostRecord host = HostIdentity.record(at);
    Receipts.list(
        at.receipts(),
        (receipt, kept) ->
            found.add(
                new Own(
                    SnapshotId.of(receipt.getSnapshot().toByteArray()), host, isFormer, kept, at)));
  }

  /** The newest of those in {@code some}; SNAPSHOT_NOT_FOUND, SNAPSHOT_AMBIGUOUS. */
  private Own find(String name, String repository) {
    List<Own> fitting =
        list().stream()
            .filter(own -> own.host().repository().toString().startsWith(repository))
            .filter(own -> name.equals("latest") || own.snapshot().toString().startsWith(name))
            .toList();
    if (fitting.isEmpty() || name.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.SNAPSHOT_NOT_FOUND,
          "this host has no receipt of a snapshot \""
              + name
              + "\"; see those it has by: holdfast agent snapshots. Older ones are listed by their"
              + " coordinator: give the whole id, and --repository");
    }
    if (!name.equals("latest") && fitting.size() > 1) {
      throw new HoldfastException(
          ErrorCode.SNAPSHOT_AMBIGUOUS,
          "\"" + name + "\" fits " + fitting.size() + " snapshots; give more of the id");
    }
    return fitting.getFirst();
  }

  /** A snapshot, and as whom this host reads it. */
  private record Source(SnapshotId snapshot, StateDirectory at) {}

  private Source source(String name, String repository) {
    boolean isWhole = name.matches("[0-9a-f]{64}");
    boolean isKept = list().stream().anyMatch(own -> own.snapshot().toString().equals(name));
    if (isWhole && !isKept && !repository.isEmpty()) {
      return new Source(SnapshotId.parse(name), identity(repository));
    }
    Own own = find(name, repository);
    return new Source(own.snapshot(), own.at());
  }

  private StateDirectory identity(String repository) {
    List<StateDirectory> all = new ArrayList<>(FormerIdentities.of(state));
    all.addFirst(state);
    return all.stream()
        .filter(StateDirectory::isEnrolled)
        .filter(at -> HostIdentity.record(at).repository().toString().startsWith(repository))
        .findFirst()
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.INVALID_ARGUMENT,
                "this host is and was of no repository \""
                    + repository
                    + "\"; see: holdfast agent snapshots"));
  }

  /**
   * What to restore.
   *
   * @param snapshot its id or the beginning of it, or {@code latest}
   * @param repository its id or the beginning of it; empty for any
   * @param paths empty for all
   */
  public record Request(
      String snapshot, String repository, List<ByteString> paths, Path target, Path scratch) {
    public Request {
      paths = List.copyOf(paths);
    }
  }

  /**
   * Restores below the target. SNAPSHOT_NOT_FOUND, CERTIFICATE_EXPIRED, and what the coordinator
   * there refuses with.
   */
  public JobResult restore(Request request, Consumer<JobProgress> progress)
      throws InterruptedException {
    Source source = source(request.snapshot(), request.repository());
    try (HostIdentity identity = HostIdentity.load(source.at(), randomness)) {
      requireValid(identity);
      boolean isNamed = source.at().equals(state) && !named.isEmpty();
      try (CoordinatorChannel channel =
              new CoordinatorChannel(
                  isNamed ? named : identity.record().coordinators(),
                  TlsContexts.of(time).client(identity.credential(), identity.trust()));
          OpenSnapshot snapshot = open(source, identity, channel)) {
        return LocalRestore.run(
            snapshot,
            request.target(),
            request.paths(),
            progress,
            new RestorePorts(
                Thread.ofPlatform().daemon().name("restore-", 0).factory(),
                RestoreLimits.STANDARD,
                request.scratch(),
                time));
      }
    }
  }

  private static OpenSnapshot open(Source source, HostIdentity identity, CoordinatorChannel channel)
      throws InterruptedException {
    return new SnapshotReads(
            channel,
            identity.record().repository(),
            identity.encryptionKey(),
            GrantedKeys.of(source.at(), identity, channel),
            PageCache.NONE)
        .open(source.snapshot(), new byte[0]);
  }

  private void requireValid(HostIdentity identity) {
    Instant end = identity.identity().notAfter();
    if (time.now().isAfter(end)) {
      RepositoryId repository = identity.record().repository();
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_EXPIRED,
          "the certificate by which this host reads in repository "
              + repository.toString().substring(0, SHOWN_DIGITS)
              + " expired at "
              + end
              + "; have the snapshot restored from there to a host that is enrolled there, by:"
              + " holdfast restore");
    }
  }
}
