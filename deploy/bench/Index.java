import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.pack.PackContent;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.catalog.rebuild.CatalogOpener;
import io.holdfast.coordinator.catalog.rebuild.CatalogParts;
import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.ingest.CommitPath;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.FleetRecordSigner;
import io.holdfast.coordinator.journal.FleetRecordVerifier;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalPorts;
import io.holdfast.coordinator.journal.JournalWriter;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.ledger.Ledger;
import io.holdfast.coordinator.ledger.VaultCheckpoints;
import io.holdfast.coordinator.node.RepositoryUnlock;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.sweep.SweepLimits;
import io.holdfast.coordinator.sweep.SweepPorts;
import io.holdfast.coordinator.sweep.Sweeper;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.ObjectVisitor;
import io.holdfast.coordinator.vault.ObjectWriter;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.coordinator.vault.VaultIdentity;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Gives a repository very many chunks, and asks its catalog for some of them; no coordinator may
 * run on it.
 *
 * <p>{@code grow}: packs of {@value #ENTRIES} chunks are registered, and recorded as proven, by
 * signed records of the journal in the vault, and applied by the coordinator's own code. The packs
 * themselves don't exist: where apply reads a footer from the vault it is given one that comes from
 * the pack's number. {@code query}: as an agent's questions are answered, ids that are there and
 * ids that aren't.
 *
 * <p>{@code tree}: one snapshot of pages that refer to nine of ten of the chunks that are there, in
 * generated page packs, too. {@code mark}: what a sweep would do then, which follows all of them
 * and looks at every pack; changes nothing.
 *
 * <p>{@code snapshots}: commits of the snapshot that is there, by each enrolled host in turn.
 *
 * <p>Arguments: grow DATA_DIR VAULT CHUNKS SECONDS, which goes on where an earlier one stopped and
 * ends after so many seconds at latest; snapshots DATA_DIR VAULT COUNT; query DATA_DIR VAULT
 * BATCHES; tree DATA_DIR VAULT; mark DATA_DIR VAULT. Each prints JSON lines.
 */
final class Index implements AutoCloseable {
  private static final int ENTRIES = 48;
  private static final int SEALED_BYTES = 512 << 10;
  private static final int PLAIN_BYTES = 1 << 20;
  private static final int PACKS_A_RECORD = 256;
  private static final int SNAPSHOTS_A_RECORD = 100;
  private static final int RECORDS_AHEAD = 4;
  private static final int HOSTS = 1_000;
  private static final int IDS_A_QUERY = 256;
  private static final int PAIRS = 2;

  /** As the coordinator's defaults. */
  private static final RocksConfig STORE = new RocksConfig(64 << 20, 64 << 20, 512, 2);

  private final Time time = Time.system();
  private final Randomness randomness = Randomness.secure();
  private final Path data;
  private final DirectoryVault vault;
  private final Ledger ledger;
  private final VaultJournalSlots slots;

  private Index(Path data, Path vaultDirectory) {
    this.data = data;
    this.vault = DirectoryVault.open(FileSystem.local(), randomness, vaultDirectory);
    this.slots = new VaultJournalSlots(vault);
    RepositoryId repository = vault.identity().repository();
    CatalogParts parts =
        new CatalogParts(
            StoreFactory.rocks(STORE),
            new Footers(new GeneratedPacks(vault, repository)),
            new VaultCheckpoints(vault),
            CatalogConfig.defaults());
    this.ledger =
        Ledger.open(
            new CatalogOpener(data.resolve("catalog"), parts),
            slots,
            new Replay(new FleetRecordVerifier()),
            anchor(repository));
  }

  public static void main(String[] arguments) throws Exception {
    long began = System.nanoTime();
    try (Index index = new Index(Path.of(arguments[1]), Path.of(arguments[2]))) {
      double open = secondsSince(began);
      switch (arguments[0]) {
        case "grow" -> index.grow(Long.parseLong(arguments[3]), Long.parseLong(arguments[4]));
        case "snapshots" -> index.snapshots(Long.parseLong(arguments[3]));
        case "tree" -> index.tree();
        case "mark" -> index.mark();
        case "query" -> index.query(Integer.parseInt(arguments[3]), open);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  private JournalAnchor anchor(RepositoryId repository) {
    try (ServiceKey service = ServiceKey.readFile(data.resolve("service.key"));
        RepositoryUnlock unlock = RepositoryUnlock.byService(vault, service)) {
      CertifiedKey issuing = CertifiedKey.of(unlock.keys().issuingCa().orElseThrow(), randomness);
      IssuingAuthority authority = IssuingAuthority.of(issuing, time, randomness);
      return JournalAnchor.pinned(
          repository, ByteString.copyFrom(Certificates.encode(authority.root())));
    }
  }

  // ---- grow

  private JournalWriter lead() throws IOException {
    CertifiedKey key = PemFiles.readCredential(data.resolve("identity/journal.pem"), randomness);
    JournalPorts ports =
        new JournalPorts(
            slots,
            FleetRecordSigner.of(key, randomness),
            new FleetRecordVerifier(),
            ledger,
            time,
            randomness);
    JournalWriter writer = JournalWriter.lead(ports, ledger.start());
    while (!writer.isLeading()) {
      step(writer);
    }
    return writer;
  }

  private void grow(long chunks, long seconds) throws Exception {
    JournalWriter writer = lead();
    long began = System.nanoTime();
    long first = generatedPacks();
    long wanted = (chunks + ENTRIES - 1) / ENTRIES;
    long packs = first;
    List<CompletableFuture<Appended>> waiting = new ArrayList<>();
    while (packs < wanted && secondsSince(began) < seconds) {
      long end = Math.min(wanted, packs + PACKS_A_RECORD);
      waiting.add(writer.appendAlone(registrations(packs, end)));
      packs = end;
      while (waiting.size() >= RECORDS_AHEAD) {
        step(writer);
        waiting.removeIf(CompletableFuture::isDone);
      }
    }
    while (!waiting.isEmpty()) {
      step(writer);
      waiting.removeIf(CompletableFuture::isDone);
    }
    writer.resign("enough");
    writer.poll();
    ledger.opened().catalog().flush();
    print(
        "{\"grown\": %d, \"chunks\": %d, \"seconds\": %.1f, \"wanted\": %d, \"peak_mib\": %.1f}",
        (packs - first) * ENTRIES, packs * ENTRIES, secondsSince(began), chunks, peakMib());
  }

  private static void step(JournalWriter writer) {
    writer.poll();
    writer
        .stopped()
        .ifPresent(cause -> {
          throw cause;
        });
  }

  /** How many were registered before: they come first, and other hosts' packs carry no such id. */
  private long generatedPacks() {
    long low = 0;
    long high = 1L << 32;
    try (CatalogView view = ledger.view()) {
      while (low < high) {
        long middle = (low + high) >>> 1;
        if (view.packs().find(packId(middle)).isPresent()) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
    }
    return low;
  }

  private List<Mutation> registrations(long from, long end) {
    List<Mutation> mutations = new ArrayList<>();
    for (long pack = from; pack < end; pack++) {
      PackFooter footer = footer(vault.identity().repository(), pack);
      ByteString id = ByteString.copyFrom(packId(pack).toByteArray());
      PackRegistered.Builder registered =
          PackRegistered.newBuilder()
              .setPack(id)
              .setContentValue(PackContent.DATA.number())
              .setSize(footer.packLength())
              .setFooterSha256(ByteString.copyFrom(footer.sha256().toByteArray()))
              .setFooterLength(footer.length())
              .setEntries(footer.entries())
              .addOwners(ByteString.copyFrom(footer.owner(0).toByteArray()));
      Proof.Builder proof = Proof.newBuilder().setPack(id).setLevel(ProofLevel.PROOF_LEVEL_PROVEN);
      mutations.add(
          MutationSealer.clear(Change.newBuilder().setPackRegistered(registered).build()));
      mutations.add(MutationSealer.clear(Change.newBuilder().setProof(proof).build()));
    }
    return mutations;
  }

  // ---- snapshots

  private void snapshots(long wanted) throws Exception {
    JournalWriter writer = lead();
    long began = System.nanoTime();
    List<StoredSnapshot> there = new ArrayList<>();
    List<EnrolledHost> hosts;
    try (CatalogView view = ledger.view()) {
      view.snapshots().forEach(there::add);
      hosts = view.fleet().hosts();
    }
    List<CompletableFuture<Appended>> waiting = new ArrayList<>();
    try (ServiceKey service = ServiceKey.readFile(data.resolve("service.key"));
        RepositoryUnlock unlock = RepositoryUnlock.byService(vault, service)) {
      RepositoryId repository = vault.identity().repository();
      MutationSealer sealer =
          new MutationSealer(repository, unlock.keys().journalKey(), randomness);
      for (long count = there.size(); count < wanted; count += SNAPSHOTS_A_RECORD) {
        List<Mutation> mutations = new ArrayList<>();
        for (long i = count; i < Math.min(wanted, count + SNAPSHOTS_A_RECORD); i++) {
          EnrolledHost host = hosts.get((int) (i % hosts.size()));
          mutations.add(committed(there.getFirst(), host, sealer));
        }
        waiting.add(writer.appendAlone(mutations));
        while (waiting.size() >= RECORDS_AHEAD) {
          step(writer);
          waiting.removeIf(CompletableFuture::isDone);
        }
      }
      while (!waiting.isEmpty()) {
        step(writer);
        waiting.removeIf(CompletableFuture::isDone);
      }
    }
    writer.resign("enough");
    writer.poll();
    ledger.opened().catalog().flush();
    long[] count = new long[1];
    try (CatalogView view = ledger.view()) {
      view.snapshots().forEach(snapshot -> count[0]++);
    }
    print(
        "{\"snapshots\": %d, \"hosts\": %d, \"seconds\": %.1f}",
        count[0], hosts.size(), secondsSince(began));
  }

  /** As if {@code host} had made the same snapshot in another run. */
  private Mutation committed(StoredSnapshot original, EnrolledHost host, MutationSealer sealer) {
    RunId run = RunId.of(randomness.bytes(16));
    ChunkId root = ChunkId.of(original.committed().getRoot().toByteArray());
    SnapshotId id = SnapshotFormat.snapshotId(host.id(), run, root);
    SnapshotCommitted.Builder committed =
        original.committed().toBuilder()
            .setSnapshot(ByteString.copyFrom(id.toByteArray()))
            .setHost(ByteString.copyFrom(host.id().toByteArray()))
            .setRun(ByteString.copyFrom(run.toByteArray()))
            .clearSession();
    String name = sealer.open(host.mutation()).orElseThrow().getHost().getName();
    Details.Builder details = sealer.open(original.mutation()).orElseThrow().toBuilder();
    details.getSnapshotBuilder().setHostName(name);
    return sealer.seal(
        Change.newBuilder().setSnapshotCommitted(committed).build(), details.build());
  }

  // ---- tree and mark

  /**
   * Pages over the first nine of ten packs: level 0 refers to chunks, each level above to the pages
   * of the one below, in the order of page packs; the last page is the root.
   */
  private void tree() throws Exception {
    JournalWriter writer = lead();
    long began = System.nanoTime();
    long packs = generatedPacks();
    List<CompletableFuture<Appended>> waiting = new ArrayList<>();
    long pages = 0;
    for (long pack = 0; pack < Pages.packs(packs); pack++) {
      PackFooter footer = Pages.footer(vault.identity().repository(), pack, packs);
      PackRegistered.Builder registered =
          PackRegistered.newBuilder()
              .setPack(ByteString.copyFrom(Pages.id(pack, packs).toByteArray()))
              .setContentValue(PackContent.PAGES.number())
              .setSize(footer.packLength())
              .setFooterSha256(ByteString.copyFrom(footer.sha256().toByteArray()))
              .setFooterLength(footer.length())
              .setEntries(footer.entries())
              .addOwners(ByteString.copyFrom(footer.owner(0).toByteArray()));
      waiting.add(
          writer.appendAlone(
              List.of(
                  MutationSealer.clear(
                      Change.newBuilder().setPackRegistered(registered).build()))));
      pages += footer.entries();
      while (waiting.size() >= RECORDS_AHEAD) {
        step(writer);
        waiting.removeIf(CompletableFuture::isDone);
      }
    }
    SnapshotCommitted committed =
        SnapshotCommitted.newBuilder()
            .setSnapshot(ByteString.copyFrom(Pages.page(Pages.pages(packs) - 1).toByteArray()))
            .setHost(ByteString.copyFrom(new byte[16]))
            .setRun(ByteString.copyFrom(new byte[16]))
            .setRoot(ByteString.copyFrom(Pages.page(Pages.pages(packs) - 1).toByteArray()))
            .setSourceSet(ByteString.copyFrom(new byte[32]))
            .build();
    waiting.add(
        writer.appendAlone(
            List.of(
                MutationSealer.clear(
                    Change.newBuilder().setSnapshotCommitted(committed).build()))));
    while (!waiting.isEmpty()) {
      step(writer);
      waiting.removeIf(CompletableFuture::isDone);
    }
    writer.resign("enough");
    writer.poll();
    ledger.opened().catalog().flush();
    print(
        "{\"chunks\": %d, \"pages\": %d, \"seconds\": %.1f}",
        packs * ENTRIES, pages, secondsSince(began));
  }

  private void mark() throws Exception {
    Footers footers = new Footers(new GeneratedPacks(vault, vault.identity().repository()));
    FleetPorts fleet =
        new FleetPorts(
            FleetId.of(new byte[16]),
            vault.identity().repository(),
            ledger::view,
            mutations -> {
              throw new IllegalStateException("a plan changes nothing");
            },
            null,
            () -> null,
            null,
            time,
            randomness);
    Sweeper sweeper =
        new Sweeper(
            new SweepPorts(
                fleet,
                fleet.journal(),
                vault,
                null,
                footers,
                new CommitPath(),
                () -> false,
                Optional::empty),
            new SweepLimits(Duration.ZERO, 85, 0, Long.MAX_VALUE, 20, 24 << 20, 16 << 20),
            Duration.ofDays(1));
    long began = System.nanoTime();
    Sweeper.Plan plan = sweeper.plan();
    double seconds = secondsSince(began);
    long chunks;
    try (CatalogView view = ledger.view()) {
      chunks = view.totals().of(Total.DATA_CHUNKS);
    }
    print(
        "{\"chunks\": %d, \"garbage\": %d, \"seconds\": %.1f, \"million_a_minute\": %.1f,"
            + " \"peak_mib\": %.1f}",
        chunks, plan.entries(), seconds, (chunks - plan.entries()) / seconds * 60 / 1e6, peakMib());
  }

  /** Page packs by their numbers. */
  private static final class Pages {
    private static final int PACKS_A_PAGE = 16;
    private static final int CHILDREN = 512;
    private static final int PAGES_A_PACK = 64;
    private static final long MARK = 0x5041474553L;

    private Pages() {}

    private static long covered(long packs) {
      return packs * 9 / 10;
    }

    private static long leaves(long packs) {
      return (covered(packs) + PACKS_A_PAGE - 1) / PACKS_A_PAGE;
    }

    /** Of all levels. */
    static long pages(long packs) {
      long level = leaves(packs);
      long all = level;
      while (level > 1) {
        level = (level + CHILDREN - 1) / CHILDREN;
        all += level;
      }
      return all;
    }

    static long packs(long packs) {
      return (pages(packs) + PAGES_A_PACK - 1) / PAGES_A_PACK;
    }

    static ChunkId page(long page) {
      return anyId(new SplittableRandom(~page ^ MARK));
    }

    static PackId id(long pack, long packs) {
      return PackId.of(ByteBuffer.allocate(16).putLong(MARK ^ packs << 20).putLong(pack).array());
    }

    /** How many data packs there are, if it is a page pack. */
    static Optional<Long> packsOf(PackId id) {
      long first = ByteBuffer.wrap(id.toByteArray()).getLong();
      long packs = (first ^ MARK) >>> 20;
      long pack = ByteBuffer.wrap(id.toByteArray()).getLong(8);
      return id(pack, packs).equals(id) && pack < packs(packs)
          ? Optional.of(packs)
          : Optional.empty();
    }

    private static List<ChunkRef> references(long page, long packs) {
      List<ChunkRef> references = new ArrayList<>();
      long leaves = leaves(packs);
      if (page < leaves) {
        long end = Math.min(covered(packs), (page + 1) * PACKS_A_PAGE);
        for (long pack = page * PACKS_A_PAGE; pack < end; pack++) {
          SplittableRandom ids = new SplittableRandom(pack);
          for (int entry = 0; entry < ENTRIES; entry++) {
            references.add(new ChunkRef(ChunkKind.DATA, anyId(ids)));
          }
        }
        return references;
      }
      long below = 0;
      long size = leaves;
      long at = leaves;
      while (page >= at + (size + CHILDREN - 1) / CHILDREN) {
        below = at;
        size = (size + CHILDREN - 1) / CHILDREN;
        at += size;
      }
      long first = below + (page - at) * CHILDREN;
      for (long child = first; child < Math.min(below + size, first + CHILDREN); child++) {
        references.add(new ChunkRef(ChunkKind.PAGE, page(child)));
      }
      return references;
    }

    static PackFooter footer(RepositoryId repository, long pack, long packs) {
      long end = Math.min(pages(packs), (pack + 1) * PAGES_A_PACK);
      List<List<ChunkRef>> lists = new ArrayList<>();
      int count = 0;
      for (long page = pack * PAGES_A_PACK; page < end; page++) {
        lists.add(references(page, packs));
        count += lists.getLast().size();
      }
      int length = PackLayout.footerLength(1, lists.size(), count);
      ByteBuffer out = ByteBuffer.allocate(length);
      out.put(new PackHeader(PackContent.PAGES, repository, id(pack, packs)).encode(), 0, 40);
      out.put(0, new byte[] {'H', 'F', 'P', 'F'});
      out.putShort((short) 1).putShort((short) 0).putInt(lists.size()).putInt(count);
      out.putLong(0).putLong(0);
      for (int entry = 0; entry < lists.size(); entry++) {
        out.put((byte) ChunkKind.PAGE.number()).put((byte) 0).putShort((short) 0);
        out.put(page(pack * PAGES_A_PACK + entry).toByteArray());
        out.putInt(PackLayout.HEADER_LENGTH + entry * PLAIN_BYTES / 8).putInt(PLAIN_BYTES / 8);
        out.putInt(PLAIN_BYTES / 4).putInt(entry).putLong(pack).putLong(entry);
        out.putInt(lists.get(entry).size());
      }
      for (List<ChunkRef> list : lists) {
        for (ChunkRef each : list) {
          out.put((byte) each.kind().number()).put(each.id().toByteArray());
        }
      }
      return PackFooter.parse(id(pack, packs), out.array(), 0, length);
    }
  }

  // ---- query

  private void query(int batches, double openSeconds) throws IOException {
    long packs = generatedPacks();
    long[] seen = new long[1];
    long began = System.nanoTime();
    try (CatalogView view = ledger.view()) {
      view.packs().forEach(known -> seen[0]++);
      print(
          "{\"chunks\": %d, \"packs\": %d, \"data_chunks\": %d, \"open_seconds\": %.2f,"
              + " \"all_packs_seconds\": %.2f}",
          packs * ENTRIES,
          seen[0],
          view.totals().of(Total.DATA_CHUNKS),
          openSeconds,
          secondsSince(began));
    }
    SplittableRandom random = new SplittableRandom(7);
    for (int pass = 0; pass < PAIRS; pass++) {
      String cache = pass == 0 ? "cold" : "after that";
      for (Ids ids : Ids.values()) {
        ask(ids, cache, batches, packs, random);
      }
    }
  }

  /** What is asked for together. */
  private enum Ids {
    /** Chunks that were stored together, as a host's that holds what another stored. */
    NEIGHBOURS,
    /** Chunks from all over: the worst there is. */
    SCATTERED,
    ABSENT
  }

  /** Batches of ids, each as one question of a host that never uploaded anything. */
  private void ask(Ids kind, String cache, int batches, long packs, SplittableRandom random)
      throws IOException {
    long[] nanos = new long[batches];
    HostId asker = HostId.of(id16(random));
    for (int batch = 0; batch < batches; batch++) {
      List<ChunkRef> ids = question(kind, packs, random);
      long began = System.nanoTime();
      try (CatalogView view = ledger.view()) {
        int found = view.chunks().counts(asker, ids).cardinality();
        if (found != (kind == Ids.ABSENT ? 0 : IDS_A_QUERY)) {
          throw new IllegalStateException(found + " of " + IDS_A_QUERY + " ids are known");
        }
      }
      nanos[batch] = System.nanoTime() - began;
    }
    Arrays.sort(nanos);
    print(
        "{\"ids\": \"%s\", \"cache\": \"%s\", \"questions\": %d, \"ids_each\": %d, \"us_an_id\":"
            + " %.1f, \"median_ms\": %.2f, \"p99_ms\": %.2f, \"max_ms\": %.2f, \"peak_mib\": %.1f}",
        kind.name().toLowerCase(Locale.ROOT),
        cache,
        batches,
        IDS_A_QUERY,
        Arrays.stream(nanos).average().orElse(0) / 1e3 / IDS_A_QUERY,
        nanos[batches / 2] / 1e6,
        nanos[batches * 99 / 100] / 1e6,
        nanos[batches - 1] / 1e6,
        peakMib());
  }

  private static List<ChunkRef> question(Ids kind, long packs, SplittableRandom random) {
    List<ChunkRef> ids = new ArrayList<>();
    long first = random.nextLong(packs - IDS_A_QUERY);
    for (int i = 0; i < IDS_A_QUERY; i++) {
      ids.add(
          switch (kind) {
            case NEIGHBOURS -> known(first + i / ENTRIES, i % ENTRIES);
            case SCATTERED -> known(random.nextLong(packs), random.nextInt(ENTRIES));
            case ABSENT -> new ChunkRef(ChunkKind.DATA, anyId(random));
          });
    }
    return ids;
  }

  private static ChunkRef known(long pack, int entry) {
    SplittableRandom ids = new SplittableRandom(pack);
    for (int skipped = 0; skipped < entry; skipped++) {
      anyId(ids);
    }
    return new ChunkRef(ChunkKind.DATA, anyId(ids));
  }

  // ---- packs by their numbers

  private static PackId packId(long pack) {
    long scattered = new SplittableRandom(~pack).nextLong();
    return PackId.of(ByteBuffer.allocate(16).putLong(scattered).putLong(pack).array());
  }

  /** Drawn as {@link PackFooter} says; parsing it checks that. */
  private static PackFooter footer(RepositoryId repository, long pack) {
    PackId id = packId(pack);
    int length = PackLayout.footerLength(1, ENTRIES, 0);
    ByteBuffer out = ByteBuffer.allocate(length);
    out.put(new PackHeader(PackContent.DATA, repository, id).encode(), 0, 40);
    out.put(0, new byte[] {'H', 'F', 'P', 'F'});
    out.putShort((short) 1).putShort((short) 0).putInt(ENTRIES).putInt(0);
    out.putLong(pack % HOSTS).putLong(1);
    SplittableRandom ids = new SplittableRandom(pack);
    for (int entry = 0; entry < ENTRIES; entry++) {
      out.put((byte) ChunkKind.DATA.number()).put((byte) 0).putShort((short) 0);
      out.put(anyId(ids).toByteArray());
      out.putInt(PackLayout.HEADER_LENGTH + entry * SEALED_BYTES).putInt(SEALED_BYTES);
      out.putInt(PLAIN_BYTES).putInt(entry).putLong(pack).putLong(entry).putInt(0);
    }
    return PackFooter.parse(id, out.array(), 0, length);
  }

  private static ChunkId anyId(SplittableRandom random) {
    return ChunkId.of(
        ByteBuffer.allocate(32)
            .putLong(random.nextLong())
            .putLong(random.nextLong())
            .putLong(random.nextLong())
            .putLong(random.nextLong())
            .array());
  }

  private static byte[] id16(SplittableRandom random) {
    return ByteBuffer.allocate(16).putLong(random.nextLong()).putLong(random.nextLong()).array();
  }

  /** The vault, with packs that nobody wrote: of each there is its footer. */
  private record GeneratedPacks(Vault behind, RepositoryId repository) implements Vault {
    @Override
    public ObjectReader open(ObjectName name) {
      PackId id = PackId.parse(name.value().substring(name.value().lastIndexOf('/') + 1));
      long pack = ByteBuffer.wrap(id.toByteArray()).getLong(8);
      Optional<Long> packs = Pages.packsOf(id);
      if (packs.isPresent()) {
        return new FooterReader(name, Pages.footer(repository, pack, packs.get()));
      }
      return packId(pack).equals(id)
          ? new FooterReader(name, footer(repository, pack))
          : behind.open(name);
    }

    @Override
    public VaultIdentity identity() {
      return behind.identity();
    }

    @Override
    public CreateOutcome create(ObjectName name, ByteBuffer... content) {
      return behind.create(name, content);
    }

    @Override
    public ObjectWriter newObject(ObjectName name) {
      return behind.newObject(name);
    }

    @Override
    public Optional<byte[]> find(ObjectName name, int maxBytes) {
      return behind.find(name, maxBytes);
    }

    @Override
    public OptionalLong size(ObjectName name) {
      return behind.size(name);
    }

    @Override
    public void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
      behind.list(prefix, startAfter, visitor);
    }

    @Override
    public void delete(ObjectName name) {
      behind.delete(name);
    }

    @Override
    public long usableBytes() {
      return behind.usableBytes();
    }

    @Override
    public void close() {
      behind.close();
    }
  }

  private record FooterReader(ObjectName name, PackFooter footer) implements ObjectReader {
    @Override
    public long size() {
      return footer.packLength();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      long begin = size() - PackLayout.TRAILER_LENGTH - footer.length();
      into.put(footer.encoded().slice((int) (offset - begin), into.remaining()));
    }

    @Override
    public void close() {}
  }

  // ---- what they share

  private static double peakMib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    throw new IOException("/proc/self/status has no VmHWM");
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  @Override
  public void close() {
    ledger.close();
    vault.close();
  }
}
