package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.proto.stored.v1.Loss;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.PackContent;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.PageCheck;
import io.holdfast.proto.stored.v1.PagesChecked;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Effects of registrations, proofs and losses.
 *
 * <ol>
 *   <li>I1: a location, once put, is never moved or replaced; a later upload of its content adds
 *       another one behind it.
 *   <li>I2: what apply does depends on nothing but the records and the footers they name by hash.
 *   <li>I3: once a pack is lost as a whole, nothing but its unseen index rows tells whether its
 *       footer had been read; the digest leaves those out.
 * </ol>
 */
final class PackChanges {
  private final FooterSource footers;

  PackChanges(FooterSource footers) {
    this.footers = footers;
  }

  void register(PackRegistered change, Effects effects) {
    byte[] id = Fields.pack(change.getPack()).toByteArray();
    boolean mayBe = NameChanges.isFree(id, effects) && writeOff(change, effects);
    if (!mayBe) {
      effects.ignore();
      return;
    }
    RegisteredPack pack = registered(change, effects);
    effects.put(Families.PACK_STATES, Keys.number(pack.number()), take(pack, effects).toRow());
    for (PageCheck check : change.getChecksList()) {
      addCheck(pack, check, effects);
    }
  }

  /**
   * Writes off what the pack holds again, if anything; false if some of it isn't sought any more.
   */
  private static boolean writeOff(PackRegistered change, Effects effects) {
    if (!change.hasFound()) {
      return true;
    }
    Optional<KnownPack> lost = known(Fields.pack(change.getFound().getPack()), effects);
    if (lost.isEmpty()) {
      return false;
    }
    PackState state = lost.get().state();
    BitSet found = Fields.bits(change.getFound().getEntries(), lost.get().pack().entries());
    BitSet others = (BitSet) found.clone();
    others.andNot(state.sought());
    if (!others.isEmpty()) {
      return false;
    }
    state.writeOff(found);
    write(lost.get(), effects);
    return true;
  }

  /** A pack is there from now on, with its locations. Its state isn't written yet. */
  PackState take(RegisteredPack pack, Effects effects) {
    byte[] number = Keys.number(pack.number());
    effects.put(Families.PACK_NUMBERS, pack.id().toByteArray(), number);
    effects.put(Families.PACKS, number, pack.toRow());
    effects.put(Families.META, Keys.PACKS_NUMBERED, Keys.number(pack.number() + 1));
    PackState state = locate(pack, effects);
    PackReads.read(number, effects);
    effects.count(Total.PACKS, 1);
    effects.count(Total.STORED_BYTES, pack.sizeBytes());
    if (pack.content() == PackContent.PACK_CONTENT_PAGES) {
      RootChanges.edges(effects);
    }
    return state;
  }

  /** Pages that a commit walked. */
  static void check(PagesChecked change, Effects effects) {
    Optional<KnownPack> known = known(Fields.pack(change.getPack()), effects);
    if (known.isEmpty() || known.get().state().isLost()) {
      effects.ignore();
      return;
    }
    for (PageCheck check : change.getChecksList()) {
      takeDeadAway(known.get().pack(), Fields.host(check.getHost()), effects);
      addCheck(known.get().pack(), check, effects);
    }
  }

  /** Checks of one host that a loss or a Condemn has undone. */
  private static void takeDeadAway(RegisteredPack pack, HostId host, Effects effects) {
    long undone =
        Stream.of(Keys.ANY_HOSTS_LOSS, Keys.loss(host), Keys.ANY_CONDEMN)
            .flatMap(key -> effects.get(Families.LOSSES, key).stream())
            .mapToLong(row -> ByteBuffer.wrap(row).getLong())
            .max()
            .orElse(0);
    byte[] prefix = Keys.pageChecks(pack.number(), host);
    for (byte[] key : effects.keys(Families.PAGE_CHECKS, prefix)) {
      if (ByteBuffer.wrap(key).getLong(prefix.length) < undone) {
        effects.delete(Families.PAGE_CHECKS, key);
      }
    }
  }

  void prove(Proof change, Effects effects) {
    ProofLevel level = ProofChanges.known(change.getLevel());
    if (!change.getPack().isEmpty()) {
      known(Fields.pack(change.getPack()), effects)
          .ifPresentOrElse(pack -> prove(pack, change, level, effects), effects::ignore);
    }
    change
        .getSnapshotsList()
        .forEach(id -> ProofChanges.proveSnapshot(Fields.snapshot(id), level, effects));
  }

  void lose(Loss change, Effects effects) {
    LossCause cause = known(change.getCause());
    effects.put(Families.META, Keys.LOSS_RECORDED, Keys.seq(effects.seq()));
    known(Fields.pack(change.getPack()), effects)
        .ifPresentOrElse(pack -> lose(pack, change, cause, effects), effects::ignore);
  }

  /** Records a loss after which no page check made before it counts, whoever's it is. */
  static void distrustAll(Effects effects) {
    effects.deleteAll(Families.LOSSES);
    effects.put(Families.LOSSES, Keys.ANY_HOSTS_LOSS, Keys.seq(effects.seq()));
  }

  static RegisteredPack registered(PackRegistered change, Effects effects) {
    refuseImpossible(change);
    int number =
        effects
            .get(Families.META, Keys.PACKS_NUMBERED)
            .map(row -> ByteBuffer.wrap(row).getInt())
            .orElse(0);
    return new RegisteredPack(
        Fields.pack(change.getPack()),
        number,
        effects.seq(),
        known(change.getContent()),
        change.getSize(),
        Fields.bytes32(change.getFooterSha256(), "footer hash"),
        change.getFooterLength(),
        change.getEntries(),
        change.getOwnersList().stream().map(Fields::host).toList());
  }

  private static void refuseImpossible(PackRegistered change) {
    boolean possible =
        Integer.compareUnsigned(change.getEntries(), PackLayout.MAXIMUM_ENTRIES) <= 0
            && Long.compareUnsigned(change.getSize(), PackLayout.MAXIMUM_PACK_LENGTH) <= 0
            && Integer.toUnsignedLong(change.getFooterLength()) <= change.getSize()
            && change.getOwnersCount() <= PackLayout.MAXIMUM_OWNERS;
    if (!possible) {
      throw Fields.malformed("pack beyond the limits of the format");
    }
  }

  private PackState locate(RegisteredPack pack, Effects effects) {
    PackState state = new PackState();
    Optional<FooterView> footer = footers.footer(pack);
    if (footer.isEmpty()) {
      state.markUnread();
      return state;
    }
    int refused = FooterEntries.locate(pack, footer.get(), state, effects);
    effects.count(Total.REFUSED_ENTRIES, refused);
    countLocated(state, 1, effects);
    return state;
  }

  private static void addCheck(RegisteredPack pack, PageCheck check, Effects effects) {
    HostId host = Fields.host(check.getHost());
    if (Long.compareUnsigned(check.getSeq(), effects.seq()) >= 0) {
      // A check from the future would outlive losses that it can't have seen.
      effects.ignore();
      return;
    }
    byte[] key = Keys.pageCheck(pack.number(), host, check.getSeq());
    BitSet entries = Fields.bits(check.getEntries(), pack.entries());
    effects.get(Families.PAGE_CHECKS, key).map(BitSet::valueOf).ifPresent(entries::or);
    effects.put(Families.PAGE_CHECKS, key, entries.toByteArray());
  }

  private static void prove(KnownPack known, Proof change, ProofLevel level, Effects effects) {
    PackState state = known.state();
    BitSet entries =
        change.getWhole()
            ? Fields.bits(change.getEntries(), known.pack().entries())
            : Fields.bitsOrAll(change.getEntries(), known.pack().entries());
    int proven = state.provenEntries();
    int checked = state.checkedEntries();
    if (level == ProofLevel.PROOF_LEVEL_PROVEN) {
      state.prove(entries);
    } else {
      state.check(entries);
    }
    if (change.getWhole() && !state.isLost()) {
      PackReads.read(Keys.number(known.pack().number()), effects);
    }
    effects.count(Total.PROVEN_ENTRIES, state.provenEntries() - proven);
    effects.count(Total.CHECKED_ENTRIES, state.checkedEntries() - checked);
    write(known, effects);
  }

  private static void lose(KnownPack known, Loss change, LossCause cause, Effects effects) {
    PackState state = known.state();
    BitSet entries = Fields.bitsOrAll(change.getEntries(), known.pack().entries());
    distrust(known, change, cause, entries, effects);
    int gone = state.goneEntries();
    if (cause == LossCause.LOSS_CAUSE_PROOF_FAILED) {
      state.writeOff(entries);
    }
    if (change.getEntries().isEmpty()) {
      loseAll(known, entries, effects);
    } else {
      state.lose(entries);
    }
    effects.count(Total.LOST_ENTRIES, state.goneEntries() - gone);
    write(known, effects);
  }

  private static void loseAll(KnownPack known, BitSet entries, Effects effects) {
    PackState state = known.state();
    if (!state.isLost()) {
      effects.count(Total.PACKS, -1);
      effects.count(Total.STORED_BYTES, -known.pack().sizeBytes());
      effects.count(Total.LOST_PACKS, 1);
      countLocated(state, -1, effects);
    }
    state.loseAll(entries);
    CondemnedRow.forget(known, effects);
    PackReads.forget(Keys.number(known.pack().number()), effects);
    HostBytes.forget(known.pack(), effects);
    effects.delete(Families.PACK_OWNERS, Keys.number(known.pack().number()));
  }

  /**
   * A failed proof of what was never proven is its uploader's fault alone; all else is everyone's.
   */
  private static void distrust(
      KnownPack known, Loss change, LossCause cause, BitSet entries, Effects effects) {
    if (cause != LossCause.LOSS_CAUSE_PROOF_FAILED || known.state().isAnyProven(entries)) {
      distrustAll(effects);
      return;
    }
    Set<HostId> uploaders =
        change.getEntries().isEmpty()
            ? Set.copyOf(known.pack().owners())
            : uploaders(known.pack(), entries, effects);
    for (HostId uploader : uploaders) {
      effects.put(Families.LOSSES, Keys.loss(uploader), Keys.seq(effects.seq()));
    }
  }

  private static Set<HostId> uploaders(RegisteredPack pack, BitSet entries, Effects effects) {
    Optional<byte[]> row = effects.get(Families.PACK_OWNERS, Keys.number(pack.number()));
    List<HostId> owners = pack.owners();
    if (row.isEmpty()) {
      return Set.copyOf(owners);
    }
    ByteBuffer owner = ByteBuffer.wrap(row.get());
    Set<HostId> uploaders = new HashSet<>();
    entries.stream()
        .map(entry -> Short.toUnsignedInt(owner.getShort(entry * Short.BYTES)))
        .filter(index -> index < owners.size())
        .forEach(index -> uploaders.add(owners.get(index)));
    return uploaders;
  }

  static void countLocated(PackState state, int sign, Effects effects) {
    for (EntryKind kind : EntryKind.values()) {
      effects.count(kind.total(), (long) sign * state.located(kind));
    }
    effects.count(Total.SEALED_BYTES, sign * state.sealedBytes());
    effects.count(Total.PLAIN_BYTES, sign * state.plainBytes());
  }

  static Optional<KnownPack> known(PackId id, Effects effects) {
    return effects
        .get(Families.PACK_NUMBERS, id.toByteArray())
        .map(number -> KnownPack.get(effects::get, ByteBuffer.wrap(number).getInt()));
  }

  static void write(KnownPack known, Effects effects) {
    byte[] number = Keys.number(known.pack().number());
    effects.put(Families.PACK_STATES, number, known.state().toRow());
  }

  private static PackContent known(PackContent content) {
    return switch (content) {
      case PACK_CONTENT_DATA, PACK_CONTENT_PAGES -> content;
      case PACK_CONTENT_UNSPECIFIED, UNRECOGNIZED -> throw Fields.unknown("pack content");
    };
  }

  private static LossCause known(LossCause cause) {
    return switch (cause) {
      case LOSS_CAUSE_PACK_MISSING, LOSS_CAUSE_BYTES_DAMAGED, LOSS_CAUSE_PROOF_FAILED -> cause;
      case LOSS_CAUSE_UNSPECIFIED, UNRECOGNIZED -> throw Fields.unknown("cause of a loss");
    };
  }
}
