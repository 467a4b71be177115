package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.nio.ByteBuffer;

/**
 * What genesis says the repository is. Its row: repository (16), fleet (16), site (16), mode (1),
 * root certificate.
 *
 * @param fleet 16 bytes
 * @param site 16 bytes
 * @param rootCertificate DER
 */
public record RepositoryIdentity(
    RepositoryId repository,
    ByteString fleet,
    ByteString site,
    RepositoryMode mode,
    ByteString rootCertificate) {

  static RepositoryIdentity of(RecordBody body, Genesis genesis) {
    return new RepositoryIdentity(
        Fields.id(body.getRepository(), "repository id", RepositoryId::of),
        ByteString.copyFrom(Fields.bytes16(genesis.getFleet(), "fleet id")),
        ByteString.copyFrom(Fields.bytes16(genesis.getSite(), "site id")),
        known(genesis.getMode()),
        genesis.getRootCertificate());
  }

  static RepositoryIdentity of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new RepositoryIdentity(
        RepositoryId.of(ByteString.copyFrom(in, 16).toByteArray()),
        ByteString.copyFrom(in, 16),
        ByteString.copyFrom(in, 16),
        RepositoryMode.forNumber(in.get()),
        ByteString.copyFrom(in));
  }

  /** Whether hosts keep their keys to themselves, and nobody here opens what they store. */
  public boolean isPrivate() {
    return mode == RepositoryMode.REPOSITORY_MODE_PRIVATE;
  }

  byte[] toRow() {
    return ByteBuffer.allocate(49 + rootCertificate.size())
        .put(repository.toByteArray())
        .put(fleet.toByteArray())
        .put(site.toByteArray())
        .put((byte) mode.getNumber())
        .put(rootCertificate.toByteArray())
        .array();
  }

  private static RepositoryMode known(RepositoryMode mode) {
    return switch (mode) {
      case REPOSITORY_MODE_SHARED, REPOSITORY_MODE_PRIVATE -> mode;
      case REPOSITORY_MODE_UNSPECIFIED, UNRECOGNIZED -> throw Fields.unknown("repository mode");
    };
  }
}
