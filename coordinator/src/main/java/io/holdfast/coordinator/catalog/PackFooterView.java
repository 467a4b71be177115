package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.pack.PackFooter;
import java.util.List;
import java.util.stream.IntStream;

/** A pack's footer as the catalog reads it. */
record PackFooterView(PackFooter footer, List<HostId> owners) implements FooterView {
  static PackFooterView of(PackFooter footer) {
    List<HostId> owners = IntStream.range(0, footer.owners()).mapToObj(footer::owner).toList();
    return new PackFooterView(footer, owners);
  }

  @Override
  public int entries() {
    return footer.entries();
  }

  @Override
  public int kind(int entry) {
    return footer.kindNumber(entry);
  }

  @Override
  public Bytes32 id(int entry) {
    return footer.isSnapshotRecord(entry)
        ? footer.snapshot(entry).value()
        : footer.chunk(entry).id().value();
  }

  @Override
  public int owner(int entry) {
    return footer.ownerIndex(entry);
  }

  @Override
  public long offset(int entry) {
    return footer.offset(entry);
  }

  @Override
  public long sealedLength(int entry) {
    return footer.sealedLength(entry);
  }

  @Override
  public long plainLength(int entry) {
    return footer.plainLength(entry);
  }

  @Override
  public int crc32c(int entry) {
    return footer.crc32c(entry);
  }
}
