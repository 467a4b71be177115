package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.FoundEntries;
import io.holdfast.proto.stored.v1.PackContent;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.PageCheck;
import java.util.ArrayList;
import java.util.List;

/**
 * A pack written by hand: its footer, and the change that registers it. Says whatever it is told.
 */
public final class ScriptedFooter implements FooterView {
  private static final int FOOTER_LENGTH = 100;

  private final PackId pack;
  private final PackContent content;
  private final List<HostId> owners = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final List<PageCheck> checks = new ArrayList<>();
  private FoundEntries found = FoundEntries.getDefaultInstance();
  private long end = 48;

  private ScriptedFooter(PackId pack, PackContent content) {
    this.pack = pack;
    this.content = content;
  }

  public static ScriptedFooter data(PackId pack) {
    return new ScriptedFooter(pack, PackContent.PACK_CONTENT_DATA);
  }

  public static ScriptedFooter pages(PackId pack) {
    return new ScriptedFooter(pack, PackContent.PACK_CONTENT_PAGES);
  }

  /** Appends an honest entry of 1,000 sealed and 3,000 plain bytes. */
  public ScriptedFooter add(ChunkRef ref, HostId owner) {
    return add(ref.kind().number(), ref.id().value(), ownerIndex(owner), end, 1_000);
  }

  /** Appends the copy of a snapshot's record. */
  public ScriptedFooter add(SnapshotId snapshot, HostId owner) {
    return add(16, snapshot.value(), ownerIndex(owner), end, 1_000);
  }

  /** Appends an entry as it is given. */
  public ScriptedFooter add(int kind, Bytes32 id, int owner, long offset, long sealedLength) {
    entries.add(new Entry(kind, id, owner, offset, sealedLength));
    end = Math.max(end, offset + 1_000);
    return this;
  }

  /** Names a host among the owners, whatever it owns. */
  public ScriptedFooter owner(HostId owner) {
    ownerIndex(owner);
    return this;
  }

  /** Says that {@code host}'s references of the given entries were checked at {@code seq}. */
  public ScriptedFooter check(HostId host, long seq, int... entriesChecked) {
    checks.add(
        PageCheck.newBuilder()
            .setHost(ByteString.copyFrom(host.toByteArray()))
            .setSeq(seq)
            .setEntries(JournalScript.bitmap(entriesChecked))
            .build());
    return this;
  }

  /** The pack holds again what these entries of {@code lost} were. */
  public ScriptedFooter found(PackId lost, int... entriesFound) {
    found =
        FoundEntries.newBuilder()
            .setPack(ByteString.copyFrom(lost.toByteArray()))
            .setEntries(JournalScript.bitmap(entriesFound))
            .build();
    return this;
  }

  public PackId pack() {
    return pack;
  }

  public Change registration() {
    PackRegistered.Builder registered =
        PackRegistered.newBuilder()
            .setPack(ByteString.copyFrom(pack.toByteArray()))
            .setContent(content)
            .setSize(end + FOOTER_LENGTH + 12)
            .setFooterSha256(
                ByteString.copyFrom(JournalScript.hash("footer " + pack).toByteArray()))
            .setFooterLength(FOOTER_LENGTH)
            .setEntries(entries.size())
            .addAllChecks(checks);
    if (!found.getPack().isEmpty()) {
      registered.setFound(found);
    }
    owners.forEach(owner -> registered.addOwners(ByteString.copyFrom(owner.toByteArray())));
    return Change.newBuilder().setPackRegistered(registered).build();
  }

  @Override
  public List<HostId> owners() {
    return owners;
  }

  @Override
  public int entries() {
    return entries.size();
  }

  @Override
  public int kind(int entry) {
    return entries.get(entry).kind;
  }

  @Override
  public Bytes32 id(int entry) {
    return entries.get(entry).id;
  }

  @Override
  public int owner(int entry) {
    return entries.get(entry).owner;
  }

  @Override
  public long offset(int entry) {
    return entries.get(entry).offset;
  }

  @Override
  public long sealedLength(int entry) {
    return entries.get(entry).sealedLength;
  }

  @Override
  public long plainLength(int entry) {
    return 3_000;
  }

  @Override
  public int crc32c(int entry) {
    return entry + 7;
  }

  private int ownerIndex(HostId owner) {
    if (!owners.contains(owner)) {
      owners.add(owner);
    }
    return owners.indexOf(owner);
  }

  private record Entry(int kind, Bytes32 id, int owner, long offset, long sealedLength) {}
}
