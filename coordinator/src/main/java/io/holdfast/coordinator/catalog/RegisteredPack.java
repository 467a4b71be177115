package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.proto.stored.v1.PackContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A pack as it was registered; immutable. Its row: pack id (16), seq (8), content (1), size (8),
 * footer hash (32), footer length (4), entries (4), owners (2) and their ids (16 each).
 *
 * @param number its place in the order of registration, from 0; unsigned
 * @param seq slot of the record that registered it
 * @param sizeBytes of the whole object
 * @param footerLength bytes
 * @param owners hosts that filled it, in the footer's order
 */
public record RegisteredPack(
    PackId id,
    int number,
    long seq,
    PackContent content,
    long sizeBytes,
    Bytes32 footerSha256,
    int footerLength,
    int entries,
    List<HostId> owners) {
  public RegisteredPack {
    owners = List.copyOf(owners);
  }

  static RegisteredPack of(int number, byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new RegisteredPack(
        PackId.of(take16(in)),
        number,
        in.getLong(),
        PackContent.forNumber(in.get()),
        in.getLong(),
        Bytes32.get(in),
        in.getInt(),
        in.getInt(),
        owners(in));
  }

  byte[] toRow() {
    ByteBuffer out =
        ByteBuffer.allocate(75 + 16 * owners.size())
            .put(id.toByteArray())
            .putLong(seq)
            .put((byte) content.getNumber())
            .putLong(sizeBytes)
            .put(footerSha256.toByteArray())
            .putInt(footerLength)
            .putInt(entries)
            .putShort((short) owners.size());
    owners.forEach(owner -> out.put(owner.toByteArray()));
    return out.array();
  }

  private static List<HostId> owners(ByteBuffer in) {
    int count = Short.toUnsignedInt(in.getShort());
    List<HostId> owners = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      owners.add(HostId.of(take16(in)));
    }
    return owners;
  }

  private static byte[] take16(ByteBuffer in) {
    byte[] bytes = new byte[16];
    in.get(bytes);
    return bytes;
  }
}
