package io.holdfast.coordinator.catalog;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PolicyId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Policies and their versions. Lists are as long as the fleet has policies, or one has versions.
 */
public final class PolicyQueries {
  private static final int ID_BYTES = 16;

  private final Reads reads;

  PolicyQueries(Reads reads) {
    this.reads = reads;
  }

  /** The version in force of each policy, in the order of ids. */
  public List<RecordedPolicy> current() {
    List<RecordedPolicy> current = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.POLICIES)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        current.add(get(cursor.key(), ByteBuffer.wrap(cursor.value()).getLong()));
      }
    }
    return current;
  }

  private RecordedPolicy get(byte[] policy, long version) {
    byte[] key = Keys.policyVersion(policy, version);
    return reads
        .get(Families.POLICY_VERSIONS, key)
        .map(row -> policy(key, row))
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.CATALOG_DAMAGED,
                "the catalog names version "
                    + version
                    + " of a policy and has no row of it;"
                    + " rebuild it"));
  }

  /** All versions of one policy, oldest first, its deletion last. */
  public List<RecordedPolicy> versions(PolicyId policy) {
    return list(policy.toByteArray());
  }

  private List<RecordedPolicy> list(byte[] prefix) {
    List<RecordedPolicy> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.POLICY_VERSIONS)) {
      for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
        found.add(policy(cursor.key(), cursor.value()));
      }
    }
    return found;
  }

  private static RecordedPolicy policy(byte[] key, byte[] row) {
    Recorded recorded = Recorded.of(row);
    return new RecordedPolicy(
        PolicyId.of(Arrays.copyOf(key, ID_BYTES)),
        recorded.seq(),
        recorded.timeMillis(),
        recorded.change(),
        recorded.mutation());
  }
}
