package io.holdfast.common.identity;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.StoredRoot;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A fleet's roots in the order in which they came, each introduced by the one before it. A root is
 * introduced by a certificate that the former root's key signed over the new root's key, and that
 * names the new root's certificate by its SHA-256; the new root shows its key by signing itself.
 * What is introduced once is so for ever: whether the former root has run out since, or is believed
 * still, is another matter. Immutable.
 */
public final class RootLine {
  /** Some twenty years each. */
  public static final int ROOTS_MAX = 64;

  /** How many of the newest are shown behind a chain, so that whoever was away finds its own. */
  private static final int SHOWN_MAX = 3;

  /**
   * One root.
   *
   * @param link by which the one before introduced it; empty for the first of a line
   */
  public record Step(X509Certificate root, Optional<X509Certificate> link) {}

  private final List<Step> steps;

  private RootLine(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /** The line of a fleet that never had another root. */
  public static RootLine founded(X509Certificate root) {
    return new RootLine(List.of(new Step(root, Optional.empty())));
  }

  /** Checks what was kept; CERTIFICATE_INVALID unless each introduces the next. */
  public static RootLine of(List<Step> steps) {
    if (steps.isEmpty() || steps.size() > ROOTS_MAX) {
      throw invalid("a line of " + steps.size() + " roots was given");
    }
    RootLine line = founded(steps.getFirst().root());
    requireRoot(line.newest());
    for (Step step : steps.subList(1, steps.size())) {
      line =
          line.succeededBy(
              step.root(),
              step.link().orElseThrow(() -> invalid("a root is introduced by nothing")));
    }
    return line;
  }

  /** As {@link #of}, from what {@link #encode} gave; MALFORMED or CERTIFICATE_INVALID. */
  public static RootLine parse(List<StoredRoot> stored) {
    return of(
        stored.stream()
            .map(root ->
                new Step(
                    Certificates.parse(root.certificate().toByteArray()),
                    root.link().isEmpty()
                        ? Optional.empty()
                        : Optional.of(Certificates.parse(root.link().toByteArray()))))
            .toList());
  }

  /** The line of a repository's key ring; KEY_UNAVAILABLE if that names no root. */
  public static RootLine of(RepositoryKeys keys) {
    if (!keys.roots().isEmpty()) {
      return parse(keys.roots());
    }
    return keys.issuingCa()
        .filter(ca -> !ca.chain().isEmpty())
        .map(ca -> founded(Certificates.parse(ca.chain().getLast())))
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE,
                "the key ring holds no issuing CA and so no fleet root; bring the newest ring back"
                    + " from another copy of the vault"));
  }

  /** For a key ring, a message or a file, the first root first. */
  public List<StoredRoot> encode() {
    return steps.stream()
        .map(step ->
            new StoredRoot(
                bytes(step.root()), step.link().map(RootLine::bytes).orElse(ByteString.EMPTY)))
        .toList();
  }

  private static ByteString bytes(X509Certificate certificate) {
    return ByteString.copyFrom(Certificates.encode(certificate));
  }

  /** This line with {@code root} as the newest; CERTIFICATE_INVALID unless it is introduced. */
  public RootLine succeededBy(X509Certificate root, X509Certificate link) {
    requireSuccession(newest(), root, link);
    if (contains(Fingerprint.of(root))) {
      throw invalid("the root with SHA-256 " + Fingerprint.of(root) + " was this fleet's before");
    }
    List<Step> all = new ArrayList<>(steps);
    all.add(new Step(root, Optional.of(link)));
    if (all.size() > ROOTS_MAX) {
      throw invalid("there were " + steps.size() + " roots already, as many as there may be");
    }
    return new RootLine(all);
  }

  /** CERTIFICATE_INVALID unless {@code former} introduces {@code root} by {@code link}. */
  public static void requireSuccession(
      X509Certificate former, X509Certificate root, X509Certificate link) {
    FleetId fleet = requireRoot(root);
    if (!fleet.equals(requireRoot(former))) {
      throw invalid("the new root is of another fleet; make one for this fleet");
    }
    if (Fingerprint.of(former).equals(Fingerprint.of(root))) {
      throw invalid("the new root is the present one; make another one");
    }
    if (!leadsTo(link, root, fleet)) {
      throw invalid(
          "the statement names another root than the one with SHA-256 "
              + Fingerprint.of(root)
              + ": put the two together that belong together");
    }
    if (!isSigned(link, former)) {
      throw invalid(
          "the statement about a new root is not signed by the key of the root with SHA-256 "
              + Fingerprint.of(former)
              + ": sign it with that root's key");
    }
  }

  /** The root that {@code link} introduces is {@code root}; says nothing of who signed it. */
  static boolean leadsTo(X509Certificate link, X509Certificate root, FleetId fleet) {
    return link.getBasicConstraints() == 1
        && Arrays.equals(link.getPublicKey().getEncoded(), root.getPublicKey().getEncoded())
        && IdentityUri.introduces(link, fleet, Fingerprint.of(root));
  }

  private static FleetId requireRoot(X509Certificate root) {
    Optional<FleetId> fleet =
        IdentityUri.readAuthority(root).filter(found -> root.getBasicConstraints() == 1);
    if (fleet.isEmpty() || !isSigned(root, root)) {
      throw invalid(root.getSubjectX500Principal() + " is not a fleet's root");
    }
    P256.requireOurs(root.getPublicKey());
    return fleet.get();
  }

  static boolean isSigned(X509Certificate certificate, X509Certificate issuer) {
    try {
      certificate.verify(issuer.getPublicKey());
      return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  public List<Step> steps() {
    return steps;
  }

  /** The oldest first. */
  public List<X509Certificate> roots() {
    return steps.stream().map(Step::root).toList();
  }

  public X509Certificate first() {
    return steps.getFirst().root();
  }

  public X509Certificate newest() {
    return steps.getLast().root();
  }

  public boolean contains(Fingerprint root) {
    return steps.stream().anyMatch(step -> Fingerprint.of(step.root()).equals(root));
  }

  /** This line from {@code oldest} on, which is in it. */
  public RootLine since(Fingerprint oldest) {
    for (int i = 0; i < steps.size(); i++) {
      if (Fingerprint.of(steps.get(i).root()).equals(oldest)) {
        List<Step> rest = new ArrayList<>(steps.subList(i, steps.size()));
        rest.set(0, new Step(rest.getFirst().root(), Optional.empty()));
        return new RootLine(rest);
      }
    }
    throw new IllegalArgumentException("no root " + oldest + " in " + this);
  }

  /**
   * What follows leaf and issuing CA in a chain that everybody can judge who believes one of these
   * roots, the three newest at most: the newest root, what introduces it, the root before it, and
   * so on. Nothing if there was never but one: chains bring that along themselves.
   */
  public List<X509Certificate> shown() {
    List<X509Certificate> shown = new ArrayList<>();
    List<Step> newest = steps.subList(Math.max(0, steps.size() - SHOWN_MAX), steps.size());
    for (int i = newest.size() - 1; i >= 0; i--) {
      shown.add(newest.get(i).root());
      if (i > 0) {
        shown.add(newest.get(i).link().orElseThrow());
      }
    }
    return steps.size() == 1 ? List.of() : shown;
  }

  /**
   * What follows leaf and issuing CA in a chain under {@code root}: {@link #shown} if that is the
   * newest one, and else the root alone.
   */
  public List<X509Certificate> behind(X509Certificate root) {
    boolean leads = steps.size() > 1 && newest().equals(root);
    return leads ? shown() : List.of(root);
  }

  private static HoldfastException invalid(String cause) {
    return new HoldfastException(
        ErrorCode.CERTIFICATE_INVALID, "a fleet root was refused: " + cause);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RootLine that && steps.equals(that.steps);
  }

  @Override
  public int hashCode() {
    return steps.hashCode();
  }

  @Override
  public String toString() {
    return "RootLine" + roots().stream().map(Fingerprint::of).toList();
  }
}
