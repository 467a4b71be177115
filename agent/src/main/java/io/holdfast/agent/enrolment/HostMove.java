package io.holdfast.agent.enrolment;

import io.holdfast.agent.enrolment.Enrolment.NewKeys;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.HostFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes this host from one repository to another one, or, in a private one, from what it is there
 * to a new beginning there. Whoever does holds the state directory; one thread.
 *
 * <pre>
 *   here      asking   keys for the other repository are durable, in next/
 *   asking    decided  its identity there is whole: next/identity/enrolled, written last
 *   decided   there    finish: what it was lies in former/, what it is in its place
 * </pre>
 *
 * <ol>
 *   <li>I1: until it is decided nothing of what this host is has changed, and it goes on as that.
 *   <li>I2: once it is decided nothing but {@link #finish} happens with this directory: a process
 *       that starts does that first. Every step of it is a rename, and one that was made is not
 *       made again, or a file written whole, the same each time.
 *   <li>I3: keys are durable before they are sent: asked again by the same token, the other
 *       repository knows them, and answers with the same host.
 *   <li>I4: nothing that came from one repository is used with another one: receipts, the memory of
 *       authority and archives of databases go with the former identity; cached pages are deleted.
 *   <li>I5: a former identity is deleted by nobody.
 * </ol>
 */
public final class HostMove {
  private static final Logger LOG = LoggerFactory.getLogger(HostMove.class);
  private static final String TITLE = "holdfast-move";
  private static final int FORMERS_MAX = 16;

  private final StateDirectory state;
  private final StateDirectory next;
  private final Enrolment enrolment;
  private final Randomness randomness;

  public HostMove(StateDirectory state, Time time, Randomness randomness) {
    this.state = state;
    this.next = state.next();
    this.enrolment = new Enrolment(next, time, randomness);
    this.randomness = randomness;
  }

  /** Whether this host is of another repository as soon as {@link #finish} was run. */
  public static boolean isDecided(StateDirectory state) {
    return state.next().isEnrolled();
  }

  /**
   * Decides it: exchanges {@code token} for an identity. Errors of {@link Enrolment#enrol};
   * INVALID_ARGUMENT if the token leads to the repository that this host is of.
   */
  public void decide(EnrolmentToken token, HostFacts facts) {
    try (HostIdentity present = HostIdentity.load(state, randomness)) {
      decide(present, token, facts, false);
    }
  }

  /**
   * Decides that this host of a private repository begins anew there, as another one, with keys
   * that are all new. Errors of {@link Enrolment#enrol}; INVALID_ARGUMENT if its keys aren't its
   * own or {@code token} leads elsewhere, CERTIFICATE_INVALID if it names a root that this host
   * doesn't believe.
   */
  public void renew(EnrolmentToken token, HostFacts facts) {
    try (HostIdentity present = HostIdentity.load(state, randomness)) {
      if (!present.grant().isPrivate()) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "this host is of a shared repository, whose keys are replaced for all hosts at once,"
                + " by: holdfast key rotate ids");
      }
      if (!present.roots().believed().contains(token.root())) {
        throw new HoldfastException(
            ErrorCode.CERTIFICATE_INVALID,
            "the order names a fleet root, SHA-256 "
                + token.root()
                + ", that this host doesn't believe; find out who gave it");
      }
      decide(present, token, facts, true);
    }
  }

  private void decide(HostIdentity present, EnrolmentToken token, HostFacts facts, boolean renews) {
    NewKeys keys = keys(token);
    List<HostIdentity> formers = formers();
    try (HostIdentity identity =
        // Who kept the keys to himself doesn't hand them over by moving.
        enrolment.ask(token, keys, facts, formers, present.grant().isPrivate())) {
      if (isOfOne(identity.record(), present.record()) != renews) {
        deleteTree(next.root());
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            renews
                ? "the token was made by another repository than the one that this host is of"
                : "the token was made by the repository that this host is of; make one at a"
                    + " coordinator of the other one, by: holdfast token create");
      }
      identity.save(next);
    } finally {
      formers.forEach(HostIdentity::close);
    }
  }

  private static boolean isOfOne(HostRecord one, HostRecord other) {
    return one.repository().equals(other.repository());
  }

  /** I3. Those that were made for {@code token} before, or new ones. */
  private NewKeys keys(EnrolmentToken token) {
    String order = new StateText(TITLE).add("token", token.secretHash().toString()).encode();
    if (!isFor(order)) {
      deleteTree(next.root());
      StateDirectory.create(next.root());
      StateDirectory.create(next.identity());
      NewKeys made = NewKeys.generate(randomness);
      PemFiles.writeSigningKey(next.signingKey(), made.signing());
      SecretFile.write(next.encryptionKey(), made.encryption().privateKey().toByteArray());
      SecretFile.write(next.order(), order.getBytes(StandardCharsets.UTF_8));
      sync(state.root());
      return made;
    }
    return new NewKeys(
        SigningKey.generate(randomness),
        PemFiles.readSigningKey(next.signingKey(), randomness),
        HostKeyPair.of(SecretFile.read(next.encryptionKey())));
  }

  private boolean isFor(String order) {
    if (!Files.exists(next.order())) {
      return false;
    }
    try (Secret content = SecretFile.read(next.order())) {
      return order.equals(new String(content.toByteArray(), StandardCharsets.UTF_8));
    }
  }

  /**
   * What this host was, the newest first, as many as a coordinator looks at. Of whichever fleets:
   * by its root alone a token doesn't tell of which one it is, as a fleet has one after the other.
   */
  private List<HostIdentity> formers() {
    List<HostIdentity> found = new ArrayList<>();
    for (StateDirectory former : FormerIdentities.newestFirst(state)) {
      if (found.size() == FORMERS_MAX) {
        break;
      }
      try {
        found.add(HostIdentity.load(former, randomness));
      } catch (HoldfastException e) {
        LOG.warn("a former identity is passed over: {}", e.getMessage());
      }
    }
    return found;
  }

  /**
   * Does what was decided, if anything was; I2. IO, and then it is to be run again.
   *
   * @param named where the configuration says that coordinators are; may be empty
   */
  public static void finish(StateDirectory state, List<Endpoint> named) {
    StateDirectory next = state.next();
    try {
      if (isDecided(state)) {
        if (state.isEnrolled()) {
          putAside(state, recordOf(next), named);
        }
        Files.deleteIfExists(state.identity()); // empty, made by who opened the directory meanwhile
        rename(next.identity(), state.identity());
        LOG.info("this host is now {}", recordOf(state).host());
        deleteTree(next.root());
      }
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO,
          "the move to another repository can't be finished in "
              + state.root()
              + ": "
              + e
              + "; put that right, and start the agent again",
          e);
    }
  }

  /**
   * Where the coordinators of {@code here} are: those that the configuration names before those of
   * its token. None of {@code there}, who would answer that they know no such host.
   */
  public static List<Endpoint> formerAddresses(
      HostRecord here, List<Endpoint> named, List<Endpoint> there) {
    List<Endpoint> all =
        Stream.concat(named.stream(), here.coordinators().stream())
            .distinct()
            .filter(at -> !there.contains(at))
            .toList();
    return all.isEmpty() ? here.coordinators() : all;
  }

  private static HostRecord recordOf(StateDirectory state) {
    return HostIdentity.record(state);
  }

  /** I4. The identity goes last: until then every step is made again. */
  private static void putAside(StateDirectory state, HostRecord there, List<Endpoint> named)
      throws IOException {
    HostRecord here = recordOf(state);
    boolean stays = isOfOne(here, there);
    HostRecord reached =
        here.at(
            stays
                ? Stream.of(named, there.coordinators(), here.coordinators())
                    .flatMap(List::stream)
                    .distinct()
                    .toList()
                : formerAddresses(here, named, there.coordinators()));
    StateDirectory.create(state.former());
    StateDirectory former =
        new StateDirectory(state.former().resolve(here.repository() + "." + here.host()));
    StateDirectory.create(former.root());
    SecretFile.write(former.movedTo(), there.encode().getBytes(StandardCharsets.UTF_8));
    List<Path> parts = // I4: what was seen of its journal goes on where the repository does
        stays
            ? List.of(state.receipts(), state.postgresql())
            : List.of(state.authority(), state.receipts(), state.postgresql());
    for (Path part : parts) {
      Path aside = former.root().resolve(part.getFileName());
      if (Files.exists(part) && !Files.exists(aside)) {
        rename(part, aside);
      }
    }
    deleteTree(state.pages());
    SecretFile.write(state.enrolled(), reached.encode().getBytes(StandardCharsets.UTF_8));
    sync(state.former());
    rename(state.identity(), former.identity());
  }

  private static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(to.getParent());
    sync(from.getParent());
  }

  private static void sync(Path directory) {
    try {
      FileSystem.local().syncDirectory(directory);
    } catch (IOException e) {
      throw new HoldfastException(ErrorCode.IO, directory + " can't be synced: " + e, e);
    }
  }

  private static void deleteTree(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new HoldfastException(ErrorCode.IO, root + " can't be deleted: " + e, e);
    }
  }
}
