package io.holdfast.deploy.path;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import java.nio.file.Files;
import java.nio.file.Path;

/** A fleet of one host, its source, and whoever administers it. */
final class OneHost implements AutoCloseable {
  final Fleet fleet;
  final ProtectedHost host;
  final AdminLink admin;
  final Path source;

  private OneHost(Fleet fleet, Path source) throws Exception {
    this.fleet = fleet;
    this.host = fleet.enrol("alpha");
    this.admin = fleet.admin();
    this.source = source;
  }

  static OneHost found(Path directory, MovableTime time) throws Exception {
    Fleet fleet = Fleet.found(directory.resolve("fleet"), time);
    return new OneHost(fleet, Files.createDirectories(directory.resolve("source")));
  }

  SnapshotId backup() throws Exception {
    return host.backup(source).snapshot();
  }

  void delete(SnapshotId... snapshots) {
    DeleteSnapshotsRequest.Builder request = DeleteSnapshotsRequest.newBuilder().setConfirmed(true);
    for (SnapshotId snapshot : snapshots) {
      request.addSnapshots(snapshot.toString());
    }
    admin.deleteSnapshots(request.build());
  }

  @Override
  public void close() {
    admin.close();
    host.close();
    fleet.close();
  }
}
