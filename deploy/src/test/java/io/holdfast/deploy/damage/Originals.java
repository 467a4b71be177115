package io.holdfast.deploy.damage;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.coordinator.recovery.RecoverableSnapshot;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.ProtectedHost;
import io.holdfast.deploy.path.StoredPacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fleet that every cell of the matrix damages a copy of: two hosts, three snapshots of one, two
 * checkpoints; and beside it what swaps and replays need, a foreign fleet and this one as it was
 * after its first snapshot. All are stopped. Made once.
 */
final class Originals {
  /** Opens the vault as the usual one does, and costs next to nothing. */
  private static final Argon2Cost CHEAP = new Argon2Cost(64, 1, 1);

  final Fleet fleet;
  final Fleet earlier;
  final Fleet foreign;
  final Path source;
  final FileTree tree;
  final FileTree firstTree;
  final SnapshotId first;
  final SnapshotId newest;
  final HostId alpha;

  /** Pack of the file that came with the second snapshot, and of the one that came first. */
  final StoredPacks.Pack data;

  final StoredPacks.Pack earlierData;

  /** Packs of the newest snapshot's root and of the first one's. */
  final StoredPacks.Pack pages;

  final ChunkRef root;

  final StoredPacks.Pack earlierPages;

  /** An older wrap of each kind, an older ring, an older recovery key of the host. */
  final byte[] olderPassphraseWrap;

  final byte[] olderServiceWrap;
  final byte[] olderRing;
  final byte[] olderHostKey;

  Originals(Path directory) throws Exception {
    source = Files.createDirectories(directory.resolve("source"));
    fleet = Fleet.found(directory.resolve("fleet"));
    try (ProtectedHost host = fleet.enrol("alpha")) {
      fleet.enrol("beta").close();
      FileTree.empty().directory("a").mode(0750).file("a/first.bin", noise(1)).writeTo(source);
      firstTree = FileTree.read(source);
      first = host.backup(source).snapshot();
      checkpoint();
      fleet.stop();
      earlier = Fleet.copyOf(fleet, directory.resolve("earlier"));
      fleet.start();
      FileTree.empty().directory("b").file("b/second.bin", noise(2)).writeTo(source);
      host.backup(source);
      checkpoint();
      FileTree.empty().directory("c").mode(0700).file("c/late", "late").writeTo(source);
      BackupResult last = host.backup(source);
      newest = last.snapshot();
    }
    fleet.stop();
    tree = FileTree.read(source);
    foreign = Fleet.found(directory.resolve("foreign"));
    try (ProtectedHost host = foreign.enrol("alpha")) {
      host.backup(source);
    }
    foreign.stop();
    try (MasterKey master = master()) {
      RepositoryId repository = repository();
      olderPassphraseWrap = wrap(master, "the passphrase before this one");
      Files.write(passphraseWrap(fleet), wrap(master, Fleet.PASSPHRASE));
      try (ServiceKey older = ServiceKey.generate(fleet.randomness)) {
        olderServiceWrap = master.wrap(repository, 1, older, fleet.randomness);
      }
      try (RepositoryKeys older = RepositoryKeys.generate(repository, fleet.randomness)) {
        olderRing = older.seal(master, 1, fleet.randomness);
      }
      try (Recovery recovery = fleet.recover()) {
        alpha = recovery.find("latest").stored().host();
        data = packOf(recovery, "b/second.bin");
        earlierData = packOf(recovery, "a/first.bin");
        root = rootOf(recovery.find("latest"));
        pages = packOf(root);
        earlierPages = packOf(rootOf(recovery.find(first.toString())));
      }
      try (HostRecoveryKey older = HostRecoveryKey.generate(alpha, fleet.randomness)) {
        olderHostKey = older.seal(repository, master, fleet.randomness);
      }
    }
  }

  static byte[] noise(long seed) {
    byte[] bytes = new byte[300 << 10];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void checkpoint() {
    try (AdminLink admin = fleet.admin()) {
      var _ = admin.writeCheckpoint();
    }
  }

  private RepositoryId repository() {
    try (Vault vault = DirectoryVault.open(FileSystem.local(), fleet.randomness, fleet.vault())) {
      return vault.identity().repository();
    }
  }

  private MasterKey master() throws IOException {
    try (ServiceKey service = ServiceKey.readFile(fleet.config.serviceKeyFile())) {
      byte[] wrap = Files.readAllBytes(fleet.vault().resolve("keys/master.1.service"));
      return MasterKey.unwrap(repository(), 1, wrap, service);
    }
  }

  private byte[] wrap(MasterKey master, String words) {
    try (Passphrase passphrase = Passphrase.of(words.toCharArray())) {
      return master.wrap(repository(), 1, passphrase, CHEAP, fleet.randomness);
    }
  }

  static Path passphraseWrap(Fleet fleet) {
    return fleet.vault().resolve("keys/master.1.passphrase");
  }

  /** The pack that alone holds content of the file whose path ends like that, with its map. */
  private StoredPacks.Pack packOf(Recovery recovery, String file) throws IOException {
    for (StoredPacks.Pack pack : StoredPacks.of(fleet.vault()).all()) {
      if (pack.isOfContents()
          && pathsThatNeed(recovery, Set.copyOf(pack.chunks())).stream()
              .anyMatch(path -> path.endsWith(file))) {
        return pack;
      }
    }
    throw new AssertionError("no pack holds " + file);
  }

  private static ChunkRef rootOf(RecoverableSnapshot snapshot) {
    return new ChunkRef(
        ChunkKind.PAGE, ChunkId.of(snapshot.stored().committed().getRoot().toByteArray()));
  }

  private StoredPacks.Pack packOf(ChunkRef root) throws IOException {
    return StoredPacks.of(fleet.vault()).all().stream()
        .filter(pack -> pack.chunks().contains(root))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> pathsThatNeed(Recovery recovery, Set<ChunkRef> chunks) {
    try (OpenSnapshot snapshot = recovery.open(recovery.find("latest"))) {
      return StoredPacks.pathsThatNeed(chunks, snapshot);
    }
  }

  /** Paths of the newest snapshot that can't be had without these packs. */
  Set<String> pathsThatNeed(Set<StoredPacks.Pack> packs) throws IOException {
    Set<ChunkRef> lost = new TreeSet<>();
    StoredPacks all = StoredPacks.of(fleet.vault());
    packs.forEach(pack -> lost.addAll(all.onlyIn(pack)));
    try (Recovery recovery = fleet.recover()) {
      return pathsThatNeed(recovery, lost);
    }
  }
}
