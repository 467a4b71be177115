package io.holdfast.coordinator.browse;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.match.PathPattern;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.proof.SnapshotsInOrder;
import io.holdfast.proto.wire.v1.DiffSnapshotsRequest;
import io.holdfast.proto.wire.v1.Difference;
import io.holdfast.proto.wire.v1.DifferenceKind;
import io.holdfast.proto.wire.v1.File;
import io.holdfast.proto.wire.v1.FindFilesRequest;
import io.holdfast.proto.wire.v1.FoundFile;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.SnapshotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Admin calls about snapshots, without gRPC around them. Any thread; calls block, and stream at
 * the pace of who reads. Errors as {@link SnapshotNames#resolve} and {@link Browser}.
 */
public final class AdminSnapshots {
  /** Most snapshots of a list that asks for the newest. */
  static final int NEWEST_LIMIT = 100_000;

  /** Snapshots that are described together. */
  private static final int AT_ONCE = 256;

  /** Snapshots of one answer, at most, where several may come in one: some 20 KiB. */
  private static final int BUNDLE = 64;

  private final BrowsePorts ports;
  private final SnapshotNames names;
  private final SnapshotMessages messages;
  private final Browser browser;

  public AdminSnapshots(BrowsePorts ports) {
    this.ports = ports;
    this.names = new SnapshotNames(ports.views(), ports.mutations(), ports.hosts());
    this.messages = new SnapshotMessages(ports);
    this.browser = new Browser(ports.opener());
  }

  /** For other calls that take a snapshot's name. */
  public SnapshotNames names() {
    return names;
  }

  /**
   * The newest {@code limit} snapshots, oldest first; with limit 0 all of them, host after host.
   * Deleted ones: host after host, and the newest of each source set first.
   */
  public void listSnapshots(ListSnapshotsRequest request, Sink<Snapshot> sink)
      throws InterruptedException {
    int limit = limit(request.getLimit());
    if (request.getDeleted()) {
      listDeleted(request.getHost(), limit, sink);
      return;
    }
    if (limit > NEWEST_LIMIT) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "at most " + NEWEST_LIMIT + " newest snapshots can be listed; ask for fewer, or for all");
    }
    if (limit > 0) {
      List<StoredSnapshot> newest = newest(request.getHost(), limit);
      for (int from = 0; from < newest.size(); from += AT_ONCE) {
        send(newest.subList(from, Math.min(from + AT_ONCE, newest.size())), request, sink);
      }
      return;
    }
    SnapshotsInOrder snapshots = inOrder(request.getHost());
    for (List<StoredSnapshot> some = some(snapshots); !some.isEmpty(); some = some(snapshots)) {
      send(some, request, sink);
    }
  }

  private List<StoredSnapshot> newest(String name, int limit) {
    Optional<HostId> host =
        name.isEmpty() ? Optional.empty() : Optional.of(ports.hosts().find(name));
    try (CatalogView view = ports.views().get()) {
      return view.snapshots().newest(host, limit);
    }
  }

  private static List<StoredSnapshot> some(SnapshotsInOrder snapshots) {
    List<StoredSnapshot> some = new ArrayList<>();
    while (some.size() < AT_ONCE) {
      Optional<StoredSnapshot> next = snapshots.next();
      if (next.isEmpty()) {
        break;
      }
      some.add(next.get());
    }
    return some;
  }

  private void listDeleted(String name, int limit, Sink<Snapshot> sink)
      throws InterruptedException {
    int left = limit == 0 ? Integer.MAX_VALUE : limit;
    for (HostId host : hosts(name)) {
      for (Snapshot snapshot : deletedOf(host, left)) {
        sink.send(snapshot);
        left--;
      }
    }
  }

  private List<HostId> hosts(String name) {
    if (!name.isEmpty()) {
      return List.of(ports.hosts().find(name));
    }
    try (CatalogView view = ports.views().get()) {
      return view.fleet().hosts().stream().map(EnrolledHost::id).toList();
    }
  }

  /** A host's at a time: no view is held while a reader is slow. */
  private List<Snapshot> deletedOf(HostId host, int limit) {
    List<Snapshot> found = new ArrayList<>();
    try (CatalogView view = ports.views().get()) {
      for (Bytes32 sourceSet : view.snapshots().sourceSets(host)) {
        view.snapshots()
            .forEachOfSourceSet(
                host,
                sourceSet,
                kept -> {
                  if (!kept.isLive() && found.size() < limit) {
                    found.add(messages.of(kept, view));
                  }
                });
      }
    }
    return found;
  }

  private SnapshotsInOrder inOrder(String host) {
    return host.isEmpty()
        ? SnapshotsInOrder.ofAll(ports.views())
        : SnapshotsInOrder.of(ports.views(), ports.hosts().find(host));
  }

  /** What is said of {@code some} is of one moment; no view is held while a reader is slow. */
  private void send(List<StoredSnapshot> some, ListSnapshotsRequest request, Sink<Snapshot> sink)
      throws InterruptedException {
    List<Snapshot> said = new ArrayList<>(some.size());
    try (CatalogView view = ports.views().get()) {
      some.forEach(snapshot -> said.add(messages.of(snapshot, view)));
    }
    int bundle = request.getBundled() ? BUNDLE : 1;
    for (int from = 0; from < said.size(); from += bundle) {
      List<Snapshot> followers = said.subList(from + 1, Math.min(from + bundle, said.size()));
      Snapshot first = said.get(from);
      sink.send(followers.isEmpty() ? first : first.toBuilder().addAllFollowers(followers).build());
    }
  }

  private Snapshot message(StoredSnapshot snapshot) {
    try (CatalogView view = ports.views().get()) {
      return messages.of(snapshot, view);
    }
  }

  public Snapshot showSnapshot(SnapshotName request) {
    return message(names.resolve(request.getSnapshot()));
  }

  public void listFiles(ListFilesRequest request, Sink<File> sink) throws InterruptedException {
    browser.list(
        names.resolve(request.getSnapshot()),
        Files.path(request.getPath()),
        request.getRecursive(),
        limit(request.getLimit()),
        node -> sink.send(Files.of(node)));
  }

  /**
   * In one snapshot, or, oldest first, in all of a host. A snapshot that can't be opened ends the
   * search with its error.
   */
  public void findFiles(FindFilesRequest request, Sink<FoundFile> sink)
      throws InterruptedException {
    PathPattern pattern = PathPattern.parse(request.getPattern());
    int limit = limit(request.getLimit());
    if (!request.getSnapshot().isEmpty()) {
      find(names.resolve(request.getSnapshot()), pattern, limit, sink);
      return;
    }
    if (request.getHost().isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "say in which snapshot or of which host to look");
    }
    findInAll(inOrder(request.getHost()), pattern, limit, sink);
  }

  private void findInAll(
      SnapshotsInOrder snapshots, PathPattern pattern, int limit, Sink<FoundFile> sink)
      throws InterruptedException {
    int left = limit;
    for (Optional<StoredSnapshot> next = snapshots.next();
        next.isPresent() && (limit == 0 || left > 0);
        next = snapshots.next()) {
      left -= find(next.get(), pattern, left, sink);
    }
  }

  private int find(StoredSnapshot snapshot, PathPattern pattern, int limit, Sink<FoundFile> sink)
      throws InterruptedException {
    FoundFile.Builder found =
        FoundFile.newBuilder()
            .setSnapshot(ByteString.copyFrom(snapshot.id().toByteArray()))
            .setTimeMillis(snapshot.timeMillis());
    return browser.find(
        snapshot,
        pattern,
        Math.max(limit, 0),
        node -> sink.send(found.setFile(Files.of(node)).build()));
  }

  public void diffSnapshots(DiffSnapshotsRequest request, Sink<Difference> sink)
      throws InterruptedException {
    StoredSnapshot from = names.resolve(request.getFrom());
    StoredSnapshot to = names.resolve(request.getTo());
    requireInOne(from, to, Files.path(request.getPath()));
    browser.diff(
        from,
        to,
        Files.path(request.getPath()),
        (before, after, differences) -> {
          Optional<DifferenceKind> kind =
              before.isEmpty()
                  ? Optional.of(DifferenceKind.DIFFERENCE_KIND_ADDED)
                  : after.isEmpty()
                      ? Optional.of(DifferenceKind.DIFFERENCE_KIND_REMOVED)
                      : Files.kind(differences);
          if (kind.isPresent()) {
            Difference.Builder difference = Difference.newBuilder().setKind(kind.get());
            before.ifPresent(node -> difference.setFrom(Files.of(node)));
            after.ifPresent(node -> difference.setTo(Files.of(node)));
            sink.send(difference.build());
          }
        });
  }

  /** No difference in a path that neither has would look like an answer. */
  private void requireInOne(StoredSnapshot from, StoredSnapshot to, Optional<EntryPath> path)
      throws InterruptedException {
    try {
      browser.list(from, path, false, 1, node -> {});
    } catch (HoldfastException e) {
      if (e.code() != ErrorCode.PATH_NOT_FOUND) {
        throw e;
      }
      browser.list(to, path, false, 1, node -> {});
    }
  }

  private static int limit(int asked) {
    if (asked < 0) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a limit of " + Integer.toUnsignedString(asked) + " is none; leave it out for all");
    }
    return asked;
  }
}
