package io.holdfast.coordinator.sweep;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.SweepQueries;
import io.holdfast.coordinator.catalog.VoidName;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.NamesVoided;
import io.holdfast.proto.stored.v1.VoidedDeleted;
import io.holdfast.proto.stored.v1.VoidedName;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the objects of packs that lie in the vault against the catalog: those that no record names,
 * since a coordinator stopped between writing a pack and its record, and those that are deleted by
 * record and still there, since one stopped between record and deletion.
 *
 * <ol>
 *   <li>I1: nothing is deleted that a record could still name. A name that was seen without one for
 *       {@link #IN_FLIGHT} is given up by record, after which none may register it, however late;
 *       its object stays for the quarantine and goes by another record. Many at once aren't what a
 *       coordinator leaves that was stopped, but what a journal named that was set back: somebody
 *       has to approve.
 *   <li>I2: what isn't a pack of this repository, by its own header, is left alone; so is all that
 *       has no name where the journal was rolled back, for it may be what the void records named.
 * </ol>
 *
 * <p>One thread.
 */
public final class PackObjects {
  /** Between an object's appearance and its record lie seconds; a vault that stalls, minutes. */
  static final Duration IN_FLIGHT = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(PackObjects.class);
  private static final ObjectPrefix ALL = ObjectPrefix.of("packs/");
  private static final int NAMES = 1_024;
  private static final int OBJECTS_MAX = 1 << 16;

  /** When a name was seen first without a record, and its object's bytes. */
  private record Sighting(Instant since, long bytes) {}

  /**
   * What lies there.
   *
   * @param unnamed objects that no record names, void ones not among them, and their bytes
   * @param voids those under void names, and their bytes
   * @param lostBytes of packs that are recorded as lost
   */
  public record Found(
      long unnamed, long unnamedBytes, long voids, long voidBytes, long lostBytes) {}

  private final SweepPorts ports;
  private final SweepLimits limits;
  private Map<PackId, Sighting> unnamed = new HashMap<>();
  private final List<PackId> due = new ArrayList<>();
  private final List<VoidedName> old = new ArrayList<>();
  private final List<ObjectName> leftovers = new ArrayList<>();
  private Map<PackId, Sighting> before = Map.of();
  private long voids;
  private long voidBytes;
  private long lostBytes;

  PackObjects(SweepPorts ports, SweepLimits limits) {
    this.ports = ports;
    this.limits = limits;
  }

  /** Looks at all of them; remembers what has no name until the next time. Changes nothing. */
  Found look() throws InterruptedException {
    before = unnamed;
    unnamed = new HashMap<>();
    due.clear();
    old.clear();
    leftovers.clear();
    voids = 0;
    voidBytes = 0;
    lostBytes = 0;
    Optional<ObjectName> after = Optional.empty();
    List<ObjectName> names;
    do {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long begin = ports.fleet().time().nanos();
      names = names(after);
      look(names);
      after = names.isEmpty() ? after : Optional.of(names.getLast());
      if (ports.hostsMoveData().getAsBoolean()) {
        ports.fleet().time().sleep(Duration.ofNanos(ports.fleet().time().nanos() - begin));
      }
    } while (names.size() == NAMES);
    findOld();
    long bytes = unnamed.values().stream().mapToLong(Sighting::bytes).sum();
    return new Found(unnamed.size(), bytes, voids, voidBytes, lostBytes);
  }

  /** Deletes what is deleted by record, as {@link #look} found it. */
  void deleteLeftovers() {
    leftovers.forEach(ports.vault()::delete);
  }

  /** Whether it is time for anything, as {@link #look} found it. */
  boolean isAnyDue() {
    return !due.isEmpty() || !old.isEmpty();
  }

  /** Names that may be given up, as {@link #look} found them; at most 4,096. */
  int namesDue() {
    return old.size();
  }

  /** Bytes of the objects under them. */
  long namesDueBytes() {
    return old.stream().mapToLong(VoidedName::getSize).sum();
  }

  private List<ObjectName> names(Optional<ObjectName> after) {
    List<ObjectName> names = new ArrayList<>();
    ports
        .vault()
        .list(
            ALL,
            after,
            name -> {
              names.add(name);
              return names.size() < NAMES;
            });
    return names;
  }

  /** The view is younger than the list: what was registered since it was listed has its name. */
  private void look(List<ObjectName> names) {
    try (CatalogView view = ports.fleet().views().get()) {
      for (ObjectName name : names) {
        Optional<PackId> pack = packOf(name);
        if (pack.isPresent()) {
          look(pack.get(), name, view);
        }
      }
    }
  }

  private void look(PackId pack, ObjectName name, CatalogView view) {
    Optional<KnownPack> known = view.packs().find(pack);
    Optional<VoidName> given = view.sweeps().voidName(pack);
    boolean isDeleted =
        known.map(each -> each.state().isDeleted()).orElse(false)
            || given.map(VoidName::isDeleted).orElse(false);
    if (isDeleted) {
      addWithin(leftovers, name);
    } else if (known.isPresent()) {
      lostBytes += known.get().state().isLost() ? size(name) : 0;
    } else if (given.isPresent()) {
      voids++;
      voidBytes += given.get().sizeBytes();
      if (!now().isBefore(Instant.ofEpochMilli(given.get().timeMillis()).plus(quarantine()))) {
        addWithin(due, pack);
      }
    } else if (unnamed.size() < OBJECTS_MAX) {
      Sighting first = before.get(pack);
      unnamed.put(pack, first != null ? first : new Sighting(now(), size(name)));
    }
  }

  /** What is beyond the bound is left for the next sweep. */
  private static <T> void addWithin(List<T> list, T one) {
    if (list.size() < OBJECTS_MAX) {
      list.add(one);
    }
  }

  private long size(ObjectName name) {
    return ports.vault().size(name).orElse(0);
  }

  private Instant now() {
    return ports.fleet().time().now();
  }

  private Duration quarantine() {
    return limits.quarantine();
  }

  /** Deletes the void objects that may go. */
  void deleteVoids() throws InterruptedException {
    for (int first = 0; first < due.size(); first += SweepQueries.NAMES_MAX) {
      List<PackId> some = due.subList(first, Math.min(due.size(), first + SweepQueries.NAMES_MAX));
      VoidedDeleted.Builder deleted = VoidedDeleted.newBuilder();
      some.forEach(pack -> deleted.addPacks(ByteString.copyFrom(pack.toByteArray())));
      append(Change.newBuilder().setVoidedDeleted(deleted).build());
      for (PackId pack : some) {
        if (isVoid(pack, VoidName::isDeleted)) {
          ports.vault().delete(ObjectName.of(PackLayout.objectName(pack)));
          LOG.info("object of pack {} is deleted: no record ever named it", pack);
        }
      }
    }
  }

  private void findOld() {
    for (Map.Entry<PackId, Sighting> each : unnamed.entrySet()) {
      boolean isOld = !now().isBefore(each.getValue().since().plus(IN_FLIGHT));
      if (isOld && old.size() < SweepQueries.NAMES_MAX && isOurs(each.getKey())) {
        old.add(
            VoidedName.newBuilder()
                .setPack(ByteString.copyFrom(each.getKey().toByteArray()))
                .setSize(each.getValue().bytes())
                .build());
      }
    }
  }

  /** Gives up the names for which it is time. */
  void giveUp() throws InterruptedException {
    if (!old.isEmpty() && !wasRolledBack()) {
      NamesVoided names = NamesVoided.newBuilder().addAllNames(old).build();
      append(Change.newBuilder().setNamesVoided(names).build());
      LOG.info("{} objects of packs that no record names are given up", old.size());
    }
  }

  private void append(Change change) throws InterruptedException {
    ports.fleet().append(MutationSealer.clear(change));
  }

  private boolean isVoid(PackId pack, Predicate<VoidName> wanted) {
    try (CatalogView view = ports.fleet().views().get()) {
      return view.sweeps().voidName(pack).filter(wanted).isPresent();
    }
  }

  /** Whether what has no name is left alone for good. */
  boolean wasRolledBack() {
    try (CatalogView view = ports.fleet().views().get()) {
      return view.sweeps().wasRolledBack();
    }
  }

  /** I2. */
  private boolean isOurs(PackId pack) {
    ByteBuffer header = ByteBuffer.allocate(PackLayout.HEADER_LENGTH);
    try (ObjectReader reader = ports.vault().open(ObjectName.of(PackLayout.objectName(pack)))) {
      reader.read(0, header);
      PackHeader read = PackHeader.parse(pack, header.array(), 0, header.capacity());
      return read.repository().equals(ports.fleet().repository());
    } catch (HoldfastException e) {
      if (e.code() == ErrorCode.VAULT_UNAVAILABLE) {
        throw e;
      }
      LOG.warn("an object that no record names is left alone: {}", e.getMessage());
      return false;
    }
  }

  private static Optional<PackId> packOf(ObjectName name) {
    String text = name.value();
    try {
      PackId pack = PackId.parse(text.substring(text.lastIndexOf('/') + 1));
      return PackLayout.objectName(pack).equals(text) ? Optional.of(pack) : Optional.empty();
    } catch (IllegalArgumentException | HoldfastException e) {
      return Optional.empty(); // nobody's who keeps packs
    }
  }
}
