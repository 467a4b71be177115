package io.holdfast.coordinator.pack;

import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectWriter;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;

/**
 * A pack that is written from entries of other packs: their bytes as they were sealed, under their
 * old sums, owners and references. Who copies holds the bytes against those sums. One thread;
 * closed by who began it.
 */
public final class CopiedPack implements AutoCloseable {
  private final Vault vault;
  private final PackHeader header;
  private final PackFooter.Builder footer;
  private final ObjectWriter writer;

  /**
   * Begins a pack for entries of packs {@code like} that one. Errors as those of {@link
   * ObjectWriter#append}.
   */
  public CopiedPack(Vault vault, PackHeader like, PackId pack) {
    this.vault = vault;
    this.header = new PackHeader(like.content(), like.repository(), pack);
    this.footer = new PackFooter.Builder(header);
    this.writer = vault.newObject(name());
    try {
      writer.append(ByteBuffer.wrap(header.encode()));
    } catch (HoldfastException e) {
      writer.close(); // nobody has this to close it
      throw e;
    }
  }

  public PackHeader header() {
    return header;
  }

  public ObjectName name() {
    return ObjectName.of(PackLayout.objectName(header.pack()));
  }

  /** Bytes of it so far. */
  public long size() {
    return footer.nextOffset();
  }

  public boolean hasRoomFor(PackFooter from, int entry) {
    return footer.hasRoomFor(
        from.owner(from.ownerIndex(entry)), from.sealedLength(entry), from.referenceCount(entry));
  }

  /** Takes all remaining bytes, which are those of the entry. */
  public void add(PackFooter from, int entry, ByteBuffer sealed) {
    writer.append(sealed);
    footer.addCopy(from, entry);
  }

  /**
   * Makes it durable, and reads its footer back. Errors as those of {@link ObjectWriter#finish};
   * PACK_CORRUPT if what is read isn't what was written: then it is deleted again.
   */
  public PackFooter finish(Footers footers) {
    try (writer) {
      PackFooter built = footer.build();
      writer.append(built.encoded(), ByteBuffer.wrap(built.trailer().encode()));
      writer.finish();
      verify(built, footers);
      return built;
    }
  }

  private void verify(PackFooter built, Footers footers) {
    try {
      footers.verify(built);
    } catch (HoldfastException e) {
      if (e.kind() == ErrorKind.CORRUPT) {
        vault.delete(name());
      }
      throw e;
    }
  }

  /** Abandons it, unless it is finished. */
  @Override
  public void close() {
    writer.close();
  }
}
