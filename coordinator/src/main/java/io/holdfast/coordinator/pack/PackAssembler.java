package io.holdfast.coordinator.pack;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.pack.PackContent;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectWriter;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.PackRegistered;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fills packs with sealed chunks of all sessions, one open pack for data and one for pages, and
 * makes full or old ones durable and registered.
 *
 * <ul>
 *   <li>I1 A chunk is {@link #isPending pending} for its uploader from append until its
 *       registration is applied or its pack failed; so a query always finds it in one place or the
 *       other.
 *   <li>I2 A page pack is checked and registered only after every data pack that its sessions
 *       filled before, or rest on, is registered.
 *   <li>I3 A pack that fails is abandoned under its name for ever; its sessions fail, others go on.
 * </ul>
 *
 * <p>Any number of threads.
 */
public final class PackAssembler {
  /** Packs of one content being made durable at once; a further append that fills one waits. */
  public static final int SEALING_LIMIT = 3;

  /** Copies of snapshot records that wait for a page pack; at so many they get one of their own. */
  private static final int COPIES_LIMIT = 1_024;

  /**
   * When a pack is closed.
   *
   * @param dataBytesTarget sealed bytes after which a data pack is closed
   * @param pageBytesTarget the same for page packs
   * @param ageLimit time after its first chunk at which {@link #tick} closes a pack
   */
  public record Limits(long dataBytesTarget, long pageBytesTarget, Duration ageLimit) {
    public static final Limits DEFAULT = new Limits(24L << 20, 8L << 20, Duration.ofSeconds(1));
  }

  private final RepositoryId repository;
  private final Vault vault;
  private final Footers footers;
  private final PackRegistrar registrar;
  private final PageChecks checks;
  private final Limits limits;
  private final Time time;
  private final Randomness randomness;
  private final Executor sealers;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PackContent, OpenPack> open = new EnumMap<>(PackContent.class);
  private final Queue<SnapshotCopyItem> copies = new ArrayDeque<>();
  private final Set<OpenPack> sealing = new LinkedHashSet<>();
  private final Map<PendingKey, OpenPack> pending = new HashMap<>();

  // Apart by content: a page pack waits for data packs while it holds its place, never the other
  // way.
  private final Map<PackContent, Semaphore> sealingPlaces =
      Map.of(
          PackContent.DATA, new Semaphore(SEALING_LIMIT),
          PackContent.PAGES, new Semaphore(SEALING_LIMIT));

  public PackAssembler(
      RepositoryId repository,
      Vault vault,
      Footers footers,
      PackRegistrar registrar,
      PageChecks checks,
      Limits limits,
      Time time,
      Randomness randomness,
      Executor sealers) {
    this.repository = repository;
    this.vault = vault;
    this.footers = footers;
    this.registrar = registrar;
    this.checks = checks;
    this.limits = limits;
    this.time = time;
    this.randomness = randomness;
    this.sealers = sealers;
  }

  /**
   * Appends to the open pack of the item's content. The returned future is the pack's: it completes
   * when the pack is registered and applied, or fails with why it could not be.
   */
  public CompletableFuture<Long> append(PackItem item) throws InterruptedException {
    PackContent content =
        item.chunk().kind() == ChunkKind.PAGE ? PackContent.PAGES : PackContent.DATA;
    OpenPack earlier = null;
    OpenPack full = null;
    OpenPack pack;
    lock.lock();
    try {
      pack = openPack(content);
      if (!pack.hasRoomFor(item)) {
        earlier = take(content);
        pack = openPack(content);
      }
      appendOrAbandon(pack, item);
      pending.put(new PendingKey(item.owner(), item.chunk()), pack);
      if (pack.size() >= target(content)) {
        full = take(content);
      }
    } finally {
      lock.unlock();
    }
    if (earlier != null) {
      startSealing(earlier);
    }
    if (full != null) {
      startSealing(full);
    }
    return pack.registered;
  }

  /** Whether {@code owner} uploaded {@code chunk} into a pack that isn't registered yet. */
  public boolean isPending(HostId owner, ChunkRef chunk) {
    lock.lock();
    try {
      return pending.containsKey(new PendingKey(owner, chunk));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Where {@code chunk} is {@link #isPending pending} for {@code owner}, lets {@code session} rest
   * on that pack as if it had filled it: {@link #flush} waits for it too. The returned future is
   * the pack's.
   */
  public Optional<CompletableFuture<Long>> rest(HostId owner, SessionId session, ChunkRef chunk) {
    lock.lock();
    try {
      Optional<OpenPack> pack = Optional.ofNullable(pending.get(new PendingKey(owner, chunk)));
      pack.ifPresent(found -> found.dependents.add(session));
      return pack.map(found -> found.registered);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes everything that {@code session} uploaded or rests on durable and registered: data first,
   * then pages. Throws what failed.
   */
  public void flush(SessionId session) throws InterruptedException {
    makeDurable(PackContent.DATA, Set.of(session));
    makeDurable(PackContent.PAGES, Set.of(session));
  }

  /**
   * Keeps a copy of a committed snapshot's record for the next page pack. It isn't durable until
   * then, and lost if that pack fails: whoever keeps the catalog sees which snapshots lack one.
   */
  public void keepCopy(SnapshotCopyItem copy) throws InterruptedException {
    boolean many;
    lock.lock();
    try {
      copies.add(copy);
      many = copies.size() >= COPIES_LIMIT;
    } finally {
      lock.unlock();
    }
    if (many) {
      startCopies();
    }
  }

  /** Writes the copies kept so far into a page pack of their own, unless one takes them already. */
  public void writeCopies() throws InterruptedException {
    for (CompletableFuture<Long> registration : startCopies()) {
      await(registration);
    }
  }

  private List<CompletableFuture<Long>> startCopies() throws InterruptedException {
    List<OpenPack> taken = new ArrayList<>();
    lock.lock();
    try {
      while (!copies.isEmpty()) {
        appendCopiesOrAbandon(openPack(PackContent.PAGES));
        taken.add(take(PackContent.PAGES));
      }
    } finally {
      lock.unlock();
    }
    for (OpenPack pack : taken) {
      startSealing(pack);
    }
    return taken.stream().map(pack -> pack.registered).toList();
  }

  /** Closes packs older than the limit; to be called a few times a second. */
  public void tick() throws InterruptedException {
    for (PackContent content : List.of(PackContent.DATA, PackContent.PAGES)) {
      OpenPack old = null;
      lock.lock();
      try {
        OpenPack pack = open.get(content);
        if (pack != null && time.nanos() - pack.openedNanos >= limits.ageLimit().toNanos()) {
          old = take(content);
        }
      } finally {
        lock.unlock();
      }
      if (old != null) {
        startSealing(old);
      }
    }
  }

  private OpenPack openPack(PackContent content) {
    OpenPack pack = open.get(content);
    if (pack == null) {
      PackId id = PackId.of(randomness.bytes(16));
      ObjectWriter writer = vault.newObject(ObjectName.of(PackLayout.objectName(id)));
      pack = new OpenPack(new PackHeader(content, repository, id), writer, time.nanos());
      open.put(content, pack);
    }
    return pack;
  }

  private void appendCopiesOrAbandon(OpenPack pack) {
    try {
      appendCopies(pack);
    } catch (HoldfastException e) {
      open.remove(pack.header.content());
      abandon(pack, e);
      throw e;
    }
  }

  private void appendOrAbandon(OpenPack pack, PackItem item) {
    try {
      pack.append(item);
    } catch (HoldfastException e) {
      open.remove(pack.header.content());
      abandon(pack, e);
      throw e;
    }
  }

  private long target(PackContent content) {
    return content == PackContent.DATA ? limits.dataBytesTarget() : limits.pageBytesTarget();
  }

  private void makeDurable(PackContent content, Set<SessionId> sessions)
      throws InterruptedException {
    takeIfHolds(content, sessions);
    for (CompletableFuture<Long> registration : registrationsOf(content, sessions)) {
      await(registration);
    }
  }

  private void takeIfHolds(PackContent content, Set<SessionId> sessions)
      throws InterruptedException {
    OpenPack taken = null;
    lock.lock();
    try {
      OpenPack pack = open.get(content);
      if (pack != null && pack.isAwaitedBy(sessions)) {
        taken = take(content);
      }
    } finally {
      lock.unlock();
    }
    if (taken != null) {
      startSealing(taken);
    }
  }

  /** Under the lock: nobody appends to it any more, and whoever flushes finds it. */
  private OpenPack take(PackContent content) {
    OpenPack pack = open.remove(content);
    sealing.add(pack);
    return pack;
  }

  /** Under the lock. */
  private void appendCopies(OpenPack pack) {
    while (!copies.isEmpty() && pack.hasRoomFor(copies.peek())) {
      pack.append(copies.remove());
    }
  }

  private List<CompletableFuture<Long>> registrationsOf(
      PackContent content, Set<SessionId> sessions) {
    lock.lock();
    try {
      return sealing.stream()
          .filter(pack -> pack.header.content() == content && pack.isAwaitedBy(sessions))
          .map(pack -> pack.registered)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  private void startSealing(OpenPack pack) throws InterruptedException {
    Semaphore places = sealingPlaces.get(pack.header.content());
    try {
      places.acquire();
    } catch (InterruptedException e) {
      abandon(pack, new HoldfastException(ErrorCode.UNAVAILABLE, "the coordinator is stopping"));
      throw e;
    }
    sealers.execute(() -> {
      try {
        seal(pack);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        abandon(pack, new HoldfastException(ErrorCode.UNAVAILABLE, "the coordinator is stopping"));
      } catch (RuntimeException e) {
        abandon(pack, RpcErrors.asHoldfast(e));
      } finally {
        places.release();
      }
    });
  }

  private void seal(OpenPack pack) throws InterruptedException {
    if (pack.header.content() == PackContent.PAGES) {
      lock.lock();
      try {
        appendCopies(pack);
      } finally {
        lock.unlock();
      }
    }
    PackFooter footer = pack.footer.build();
    pack.writer.append(footer.encoded(), ByteBuffer.wrap(footer.trailer().encode()));
    pack.writer.finish();
    pack.writer.close();
    PackRegistered.Builder registration = registration(pack, footer);
    footers.verify(footer); // what was written is read back before anybody relies on it
    if (pack.header.content() == PackContent.PAGES) {
      makeDurable(PackContent.DATA, pack.sessions); // I2
      registration.addAllChecks(checks.check(footer));
    }
    long seq = await(registrar.register(registration.build(), footer));
    forget(pack); // I1: applied, so the catalog answers for its chunks now
    pack.registered.complete(seq);
  }

  /** A chunk that lies in a later pack too stays pending there. */
  private void forget(OpenPack pack) {
    lock.lock();
    try {
      pack.keys.forEach(key -> pending.remove(key, pack));
      sealing.remove(pack);
    } finally {
      lock.unlock();
    }
  }

  private static PackRegistered.Builder registration(OpenPack pack, PackFooter footer) {
    return PackRegistrar.registration(footer)
        .addAllSessions(
            pack.sessions.stream().map(s -> ByteString.copyFrom(s.toByteArray())).toList());
  }

  private void abandon(OpenPack pack, HoldfastException cause) {
    pack.writer.close();
    forget(pack);
    pack.registered.completeExceptionally(cause); // I3
  }

  private static long await(CompletableFuture<Long> registered) throws InterruptedException {
    try {
      return registered.get();
    } catch (ExecutionException e) {
      throw RpcErrors.asHoldfast(e.getCause());
    }
  }
}
