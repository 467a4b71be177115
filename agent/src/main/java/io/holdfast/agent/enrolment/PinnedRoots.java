package io.holdfast.agent.enrolment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.key.StoredRoot;
import io.holdfast.proto.wire.v1.FleetRoot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet's roots as this host learned them: the one it was enrolled under, and those that came
 * after it, each introduced by the one before. Any thread.
 *
 * <ol>
 *   <li>I1: what is learned is durable before it is believed.
 *   <li>I2: a root is learned only if the newest one known here introduces it; nobody who has an
 *       older one's key can put another in its place.
 *   <li>I3: a root is believed no more only when its successor is known here and the coordinator
 *       names that and not the old one. What a retired root's coordinators signed stays signed.
 * </ol>
 */
public final class PinnedRoots {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedRoots.class);
  private static final String TITLE = "holdfast-roots";
  private static final String FIRST = "-";

  private final StateDirectory state;
  private final FleetTrust trust;
  private final FleetTrust history;

  @GuardedBy("this")
  private RootLine line;

  /** How many of the oldest are believed no more. */
  @GuardedBy("this")
  private int retired;

  private PinnedRoots(StateDirectory state, RootLine line, int retired) {
    this.state = state;
    this.line = line;
    this.retired = retired;
    this.trust = FleetTrust.following(line.roots().subList(retired, line.roots().size()));
    this.history = FleetTrust.following(line.roots());
  }

  /** Of a host that has just been enrolled under {@code root}; nothing is written. */
  static PinnedRoots enrolled(StateDirectory state, X509Certificate root) {
    return new PinnedRoots(state, RootLine.founded(root), 0);
  }

  /**
   * Reads them; a host that never learned of another root has only the one of {@code credential}.
   * MALFORMED, UNKNOWN_VERSION or CERTIFICATE_INVALID for a file that can't be used.
   */
  static PinnedRoots open(StateDirectory state, CertifiedKey credential) {
    if (!Files.exists(state.roots())) {
      return enrolled(state, credential.chain().getLast());
    }
    String what = state.roots().toString();
    try (Secret content = SecretFile.read(state.roots())) {
      StateText text =
          StateText.decode(what, TITLE, new String(content.toByteArray(), StandardCharsets.UTF_8));
      return StateText.parsing(
          what,
          () -> {
            RootLine line =
                RootLine.parse(text.all("root").stream().map(PinnedRoots::parse).toList());
            int retired = Integer.parseInt(text.one("retired"));
            if (retired < 0 || retired >= line.roots().size()) {
              throw new IllegalArgumentException("it retires " + retired + " roots");
            }
            return new PinnedRoots(state, line, retired);
          });
    }
  }

  private static StoredRoot parse(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("a root has " + parts.length + " parts");
    }
    Base64.Decoder base64 = Base64.getDecoder();
    return new StoredRoot(
        ByteString.copyFrom(base64.decode(parts[0])),
        parts[1].equals(FIRST) ? ByteString.EMPTY : ByteString.copyFrom(base64.decode(parts[1])));
  }

  private void save(RootLine next, int nextRetired) {
    Base64.Encoder base64 = Base64.getEncoder();
    StateText text = new StateText(TITLE).add("retired", Integer.toString(nextRetired));
    next.encode()
        .forEach(root ->
            text.add(
                "root",
                base64.encodeToString(root.certificate().toByteArray())
                    + " "
                    + (root.link().isEmpty()
                        ? FIRST
                        : base64.encodeToString(root.link().toByteArray()))));
    SecretFile.write(state.roots(), text.encode().getBytes(StandardCharsets.UTF_8));
  }

  /** Whom this host connects to; goes with what is learned. */
  public FleetTrust trust() {
    return trust;
  }

  /** Whose signatures count: what was signed under a root that is retired since does. */
  public FleetTrust history() {
    return history;
  }

  /** SHA-256 of those that are believed, the newest last. */
  public synchronized List<Fingerprint> believed() {
    return line.roots().stream().skip(retired).map(Fingerprint::of).toList();
  }

  /** Whether {@code credential} leads to the newest one. */
  public synchronized boolean isNewest(CertifiedKey credential) {
    return line.newest().equals(rootOf(credential));
  }

  static X509Certificate rootOf(CertifiedKey credential) {
    return credential.chain().getLast();
  }

  /**
   * Learns from {@code told}, what a coordinator says that the fleet believes, the newest last; and
   * answers whether that changed anything. CERTIFICATE_INVALID, and nothing changes, for roots that
   * the newest one known here doesn't lead to.
   */
  public synchronized boolean learn(List<FleetRoot> told) {
    if (told.isEmpty()) {
      return false; // a coordinator of before there were any other
    }
    RootLine named =
        RootLine.parse(
            told.stream()
                .map(root -> new StoredRoot(root.getCertificate(), root.getLink()))
                .toList());
    int at = named.roots().indexOf(line.newest());
    if (at < 0) {
      throw strange(named);
    }
    RootLine next = line;
    for (RootLine.Step step : named.steps().subList(at + 1, named.steps().size())) {
      next = next.succeededBy(step.root(), step.link().orElseThrow()); // I2
    }
    int oldest = next.roots().indexOf(named.first());
    int nextRetired = Math.max(retired, Math.max(oldest, 0)); // I3
    if (next.equals(line) && nextRetired == retired) {
      return false;
    }
    save(next, nextRetired); // I1
    line = next;
    retired = nextRetired;
    history.pin(line.roots());
    trust.pin(line.roots().subList(retired, line.roots().size()));
    LOG.info("the fleet's roots are now {}, the newest last", believed());
    return true;
  }

  @GuardedBy("this")
  private HoldfastException strange(RootLine named) {
    return new HoldfastException(
        ErrorCode.CERTIFICATE_INVALID,
        "the coordinator believes "
            + named
            + ", which the newest fleet root known here, SHA-256 "
            + Fingerprint.of(line.newest())
            + ", is not among: another root was put in its place, or the coordinator was set back;"
            + " what this host believes stays as it is. Find out who has the root's key");
  }
}
