package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.PersonId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.AccessTokenCreated;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** People and their tokens. Lists are as long as there are, or were, people or tokens. */
public final class PeopleQueries {
  private final Reads reads;

  PeopleQueries(Reads reads) {
    this.reads = reads;
  }

  public Optional<RecordedPerson> person(PersonId id) {
    byte[] key = id.toByteArray();
    return reads.get(Families.PEOPLE, key).map(row -> person(key, row));
  }

  /** Everybody ever added, in the order of ids, the removed ones included. */
  public List<RecordedPerson> people() {
    return list(Families.PEOPLE, this::person);
  }

  /** The token whose secret has that SHA-256, revoked and expired ones included. */
  public Optional<RecordedAccessToken> token(Bytes32 id) {
    byte[] key = id.toByteArray();
    return reads.get(Families.ACCESS_TOKENS, key).map(row -> token(key, row));
  }

  /** Every token ever made, in the order of ids. */
  public List<RecordedAccessToken> tokens() {
    return list(Families.ACCESS_TOKENS, this::token);
  }

  private RecordedPerson person(byte[] key, byte[] row) {
    Recorded recorded = Recorded.of(row);
    return new RecordedPerson(
        PersonId.of(key),
        recorded.change().getPersonSet().getRole(),
        recorded.timeMillis(),
        recorded.mutation(),
        reads.get(Families.PEOPLE_REMOVED, key).isPresent());
  }

  private RecordedAccessToken token(byte[] key, byte[] row) {
    Recorded recorded = Recorded.of(row);
    AccessTokenCreated created = recorded.change().getAccessTokenCreated();
    return new RecordedAccessToken(
        Bytes32.of(key),
        Fields.person(created.getPerson()),
        recorded.timeMillis(),
        created.getExpiresMillis(),
        recorded.mutation(),
        reads.get(Families.ACCESS_TOKENS_REVOKED, key).isPresent()
            || FleetChanges.isOfRetiredRoot(recorded.seq(), reads));
  }

  private <T> List<T> list(Family family, BiFunction<byte[], byte[], T> read) {
    List<T> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(family)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        found.add(read.apply(cursor.key(), cursor.value()));
      }
    }
    return found;
  }
}
