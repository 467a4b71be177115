package io.holdfast.coordinator.pack;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.FooterSource;
import io.holdfast.coordinator.catalog.FooterView;
import io.holdfast.coordinator.catalog.RegisteredPack;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Footers of packs, from memory or the vault, each checked against the hash that the journal
 * registered. Any thread. Keeps the footers used last, at most {@link #CACHE_BYTES}.
 */
public final class Footers implements FooterSource {
  static final long CACHE_BYTES = 32L << 20;

  private final Vault vault;
  private final LinkedHashMap<PackId, PackFooter> cache = new LinkedHashMap<>(16, 0.75f, true);
  private long cachedBytes;

  public Footers(Vault vault) {
    this.vault = vault;
  }

  /**
   * Reads the footer of a pack just written back from the vault, and keeps it. PACK_CORRUPT if it
   * isn't the one that was meant.
   */
  public void verify(PackFooter written) {
    PackId pack = written.identity().pack();
    long offset = (long) written.packLength() - PackLayout.TRAILER_LENGTH - written.length();
    byte[] bytes = read(pack, offset, written.length());
    requireHash(pack, bytes, written.sha256());
    keep(written);
  }

  /** The footer of a pack that {@code view} knows. */
  public PackFooter get(PackId pack, CatalogView view) {
    return cached(pack)
        .orElseGet(() ->
            load(
                view.packs()
                    .find(pack)
                    .orElseThrow(() ->
                        new HoldfastException(
                            ErrorCode.CATALOG_DAMAGED,
                            "the catalog names pack "
                                + pack
                                + " and has no row of it;"
                                + " run `holdfast catalog rebuild`"))
                    .pack()));
  }

  /** The footer of a registered pack. */
  public PackFooter get(RegisteredPack pack) {
    return cached(pack.id()).orElseGet(() -> load(pack));
  }

  @Override
  public Optional<FooterView> footer(RegisteredPack pack) {
    return Optional.of(new View(get(pack)));
  }

  /** The clear references of one entry. */
  public static List<ChunkRef> references(PackFooter footer, int entry) {
    List<ChunkRef> references = new ArrayList<>(footer.referenceCount(entry));
    for (int i = 0; i < footer.referenceCount(entry); i++) {
      references.add(footer.reference(entry, i));
    }
    return references;
  }

  private PackFooter load(RegisteredPack pack) {
    long offset = pack.sizeBytes() - PackLayout.TRAILER_LENGTH - pack.footerLength();
    byte[] bytes = read(pack.id(), offset, pack.footerLength());
    requireHash(pack.id(), bytes, pack.footerSha256());
    PackFooter footer = PackFooter.parse(pack.id(), bytes, 0, bytes.length);
    keep(footer);
    return footer;
  }

  private byte[] read(PackId pack, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try (ObjectReader reader = vault.open(ObjectName.of(PackLayout.objectName(pack)))) {
      reader.read(offset, bytes);
    }
    return bytes.array();
  }

  private static void requireHash(PackId pack, byte[] bytes, Bytes32 expected) {
    if (!MessageDigest.isEqual(Digests.sha256(bytes).toByteArray(), expected.toByteArray())) {
      throw new HoldfastException(
          ErrorCode.PACK_CORRUPT,
          "the footer of pack "
              + pack
              + " is not the one that was registered; run `holdfast verify`");
    }
  }

  private synchronized Optional<PackFooter> cached(PackId pack) {
    return Optional.ofNullable(cache.get(pack));
  }

  private synchronized void keep(PackFooter footer) {
    if (cache.put(footer.identity().pack(), footer) == null) {
      cachedBytes += footer.length();
    }
    while (cachedBytes > CACHE_BYTES && cache.size() > 1) {
      Map.Entry<PackId, PackFooter> oldest = cache.pollFirstEntry();
      cachedBytes -= oldest.getValue().length();
    }
  }

  /** A footer as the catalog reads it. */
  private record View(PackFooter footer) implements FooterView {
    @Override
    public List<HostId> owners() {
      List<HostId> owners = new ArrayList<>(footer.owners());
      for (int i = 0; i < footer.owners(); i++) {
        owners.add(footer.owner(i));
      }
      return owners;
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
}
