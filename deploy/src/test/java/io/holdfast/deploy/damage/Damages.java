package io.holdfast.deploy.damage;

import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.testkit.Trees;
import io.holdfast.deploy.damage.Target.Replacement;
import io.holdfast.deploy.damage.Target.Replacement.Foreign;
import io.holdfast.deploy.damage.Target.Replacement.Partner;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.StoredPacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds a part in a copy of the original fleet, and harms it. */
final class Damages {
  private static final String KIT = "coordinator/recovery-kit.txt";

  private final Originals originals;
  private final Fleet fleet;

  Damages(Originals originals, Fleet fleet) {
    this.originals = originals;
    this.fleet = fleet;
  }

  /** Harms the part; what was never replaced by a newer one can't come back older. */
  void harm(Part part, Harm harm) throws IOException {
    if (part == Part.CATALOG) {
      harmCatalog(harm);
    } else {
      target(part, harm, fleet).harm(harm, other(part), older(part));
    }
  }

  /** Whether {@code part} ever had an older version than the present one. */
  boolean hasOlder(Part part) throws IOException {
    return part == Part.CATALOG || older(part).isPresent();
  }

  /** What somebody who is told of the damage must read: one of these. */
  Set<String> names(Part part, Harm harm) throws IOException {
    Set<String> names = new HashSet<>();
    switch (part) {
      case CATALOG -> names.add(fleet.catalog().toString());
      case RECOVERY_KIT -> names.add("recovery kit");
      case FIRST_RECORD, MIDDLE_RECORD, LAST_RECORD -> {
        names.add(slot(target(part, originals.fleet)));
        names.add(slot(((Partner) other(part)).partner()));
      }
      case VAULT_JSON -> names.addAll(List.of("vault.json", "master.1"));
      case HEAD_MEMORY -> names.addAll(List.of("journal-head", "this coordinator follows"));
      default -> {
        names.add(target(part, originals.fleet).file().getFileName().toString());
        if (harm == Harm.SWAP && other(part) instanceof Partner(Target partner)) {
          names.add(partner.file().getFileName().toString());
        }
      }
    }
    for (StoredPacks.Pack pack : harmedPacks(part, harm)) {
      pack.chunks().forEach(chunk -> names.add(chunk.toString()));
    }
    return names;
  }

  private static String slot(Target record) {
    return "slot " + Long.parseLong(record.file().getFileName().toString());
  }

  /** Packs some of whose chunks can't be had any more. */
  Set<StoredPacks.Pack> harmedPacks(Part part, Harm harm) {
    return switch (part) {
      case DATA_PACK, PACK_FOOTER, PACK_TRAILER ->
          harm == Harm.SWAP
              ? Set.of(originals.data, originals.earlierData)
              : Set.of(originals.data);
      case PAGE_PACK ->
          harm == Harm.SWAP
              ? Set.of(originals.pages, originals.earlierPages)
              : Set.of(originals.pages);
      default -> Set.of();
    };
  }

  private Target target(Part part, Fleet in) throws IOException {
    return target(part, Harm.DELETE, in);
  }

  private Target target(Part part, Harm harm, Fleet in) throws IOException {
    return switch (part) {
      case DATA_PACK -> Target.of(copy(originals.data.file(), in));
      case PAGE_PACK -> harm == Harm.FLIP ? root(in) : Target.of(copy(originals.pages.file(), in));
      case PACK_FOOTER -> footer(originals.data, in);
      case PACK_TRAILER -> trailer(originals.data, in);
      case FIRST_RECORD -> Target.of(records(in).getFirst());
      case MIDDLE_RECORD -> Target.of(records(in).get(records(in).size() / 2));
      case LAST_RECORD -> Target.of(records(in).getLast());
      case CHECKPOINT_MANIFEST -> Target.of(manifests(in).getLast());
      case CHECKPOINT_FILE -> Target.of(copy(largestCheckpointFile(), in));
      case CATALOG -> throw new IllegalArgumentException("a directory, not a file");
      case PASSPHRASE_WRAP -> Target.of(Originals.passphraseWrap(in));
      case SERVICE_WRAP -> Target.of(in.vault().resolve("keys/master.1.service"));
      case KEY_RING -> Target.of(in.vault().resolve("keys/ring.1"));
      case HOST_KEY -> Target.of(in.vault().resolve("keys/host/" + originals.alpha));
      case VAULT_JSON -> Target.of(in.vault().resolve("vault.json"));
      case HEAD_MEMORY -> Target.of(in.root.resolve("coordinator/journal-head"));
      case RECOVERY_KIT -> harm == Harm.FLIP ? kitBlock(in) : Target.of(in.root.resolve(KIT));
    };
  }

  /** The sealed root page of the newest snapshot. */
  private Target root(Fleet in) {
    int entry = originals.pages.chunks().indexOf(originals.root);
    int from = originals.pages.footer().offset(entry);
    int to = from + originals.pages.footer().sealedLength(entry);
    return Target.range(copy(originals.pages.file(), in), from, to);
  }

  /** The lines of the kit that are read; above them stands what people should know. */
  private static Target kitBlock(Fleet in) throws IOException {
    Path file = in.root.resolve(KIT);
    String text = Files.readString(file);
    return Target.range(file, text.indexOf("Key-1"), text.lastIndexOf("Checksum"));
  }

  private Replacement other(Part part) throws IOException {
    return switch (part) {
      case DATA_PACK -> new Partner(Target.of(copy(originals.earlierData.file(), fleet)));
      case PAGE_PACK -> new Partner(Target.of(copy(originals.earlierPages.file(), fleet)));
      case PACK_FOOTER -> new Partner(footer(originals.earlierData, fleet));
      case PACK_TRAILER -> new Partner(trailer(originals.earlierData, fleet));
      case FIRST_RECORD -> new Partner(Target.of(records(fleet).get(1)));
      case MIDDLE_RECORD, LAST_RECORD -> new Partner(Target.of(before(part)));
      case CHECKPOINT_MANIFEST -> new Partner(Target.of(manifests(fleet).getFirst()));
      case CHECKPOINT_FILE -> new Partner(Target.of(smallestCheckpointFile()));
      case PASSPHRASE_WRAP -> new Partner(target(Part.SERVICE_WRAP, fleet));
      case SERVICE_WRAP -> new Partner(target(Part.PASSPHRASE_WRAP, fleet));
      case HOST_KEY -> new Partner(Target.of(otherHostKey()));
      case KEY_RING, VAULT_JSON, HEAD_MEMORY, RECOVERY_KIT ->
          new Foreign(target(part, originals.foreign).bytes());
      case CATALOG -> throw new IllegalArgumentException("a directory, not a file");
    };
  }

  private Optional<byte[]> older(Part part) throws IOException {
    return switch (part) {
      case DATA_PACK -> Optional.of(Files.readAllBytes(originals.earlierData.file()));
      case PAGE_PACK -> Optional.of(Files.readAllBytes(originals.earlierPages.file()));
      case PACK_FOOTER -> Optional.of(footer(originals.earlierData, originals.fleet).bytes());
      case PACK_TRAILER -> Optional.of(trailer(originals.earlierData, originals.fleet).bytes());
      case MIDDLE_RECORD, LAST_RECORD -> Optional.of(Files.readAllBytes(before(part)));
      case CHECKPOINT_MANIFEST -> Optional.of(Files.readAllBytes(manifests(fleet).getFirst()));
      case CHECKPOINT_FILE -> Optional.of(Files.readAllBytes(smallestCheckpointFile()));
      case PASSPHRASE_WRAP -> Optional.of(originals.olderPassphraseWrap);
      case SERVICE_WRAP -> Optional.of(originals.olderServiceWrap);
      case KEY_RING -> Optional.of(originals.olderRing);
      case HOST_KEY -> Optional.of(originals.olderHostKey);
      case HEAD_MEMORY -> Optional.of(target(part, originals.earlier).bytes());
      case FIRST_RECORD, VAULT_JSON, RECOVERY_KIT, CATALOG -> Optional.empty();
    };
  }

  /** The same object in another copy of the fleet. */
  private Path copy(Path file, Fleet in) {
    return in.root.resolve(originals.fleet.root.relativize(file));
  }

  private Target footer(StoredPacks.Pack pack, Fleet in) {
    int end = pack.footer().packLength() - PackLayout.TRAILER_LENGTH;
    return Target.range(copy(pack.file(), in), end - pack.footer().length(), end);
  }

  private Target trailer(StoredPacks.Pack pack, Fleet in) {
    int end = pack.footer().packLength();
    return Target.range(copy(pack.file(), in), end - PackLayout.TRAILER_LENGTH, end);
  }

  private static List<Path> records(Fleet in) throws IOException {
    return files(in.vault().resolve("journal"));
  }

  private Path before(Part part) throws IOException {
    List<Path> all = records(fleet);
    return part == Part.LAST_RECORD ? all.get(all.size() - 2) : all.get(all.size() / 2 - 1);
  }

  private static List<Path> manifests(Fleet in) throws IOException {
    return files(in.vault().resolve("checkpoints")).stream()
        .filter(file -> file.getParent().endsWith("checkpoints"))
        .toList();
  }

  private Path largestCheckpointFile() throws IOException {
    return files(originals.fleet.vault().resolve("checkpoints/files")).stream()
        .max(Comparator.comparingLong((Path file) -> file.toFile().length()).thenComparing(f -> f))
        .orElseThrow();
  }

  private Path smallestCheckpointFile() throws IOException {
    Path smallest =
        files(originals.fleet.vault().resolve("checkpoints/files")).stream()
            .min(
                Comparator.comparingLong((Path file) -> file.toFile().length())
                    .thenComparing(f -> f))
            .orElseThrow();
    return copy(smallest, fleet);
  }

  private Path otherHostKey() throws IOException {
    return files(fleet.vault().resolve("keys/host")).stream()
        .filter(file -> !file.endsWith(originals.alpha.toString()))
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> files(Path below) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The catalog is a directory of many files: each that holds rows is harmed. */
  private void harmCatalog(Harm harm) throws IOException {
    switch (harm) {
      case DELETE -> Trees.delete(fleet.catalog());
      case TRUNCATE, FLIP -> {
        for (Path file : files(fleet.catalog())) {
          if (file.toString().endsWith(".sst")) {
            Target.of(file).harm(harm, new Foreign(new byte[0]), Optional.empty());
          }
        }
      }
      case SWAP -> replaceCatalog(originals.foreign);
      case REPLAY -> replaceCatalog(originals.earlier);
    }
  }

  private void replaceCatalog(Fleet from) throws IOException {
    Trees.delete(fleet.catalog());
    try (Stream<Path> all = Files.walk(from.catalog())) {
      for (Path each : all.toList()) {
        Path to = fleet.catalog().resolve(from.catalog().relativize(each).toString());
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(to);
        } else {
          Files.copy(each, to);
        }
      }
    }
  }
}
