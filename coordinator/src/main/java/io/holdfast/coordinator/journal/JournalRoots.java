package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.RootLine;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RootIntroduced;
import io.holdfast.proto.stored.v1.RootRetired;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The fleet's roots as the journal's records up to one say: genesis pins the first, each other one
 * was introduced by the one before it. At most two are believed at a time.
 *
 * @param all DER, genesis' root first
 * @param retired how many of them, from the first on, are believed no more; never all
 */
public record JournalRoots(List<ByteString> all, int retired) {
  public JournalRoots {
    all = List.copyOf(all);
    if (retired < 0 || retired >= all.size()) {
      throw new IllegalArgumentException(retired + " of " + all.size() + " roots retired");
    }
  }

  /** As genesis says it. */
  public static JournalRoots genesis(ByteString root) {
    return new JournalRoots(List.of(root), 0);
  }

  /** By whom records and connections may be certified, the newest last. */
  public List<ByteString> believed() {
    return all.subList(retired, all.size());
  }

  public ByteString first() {
    return all.getFirst();
  }

  public ByteString newest() {
    return all.getLast();
  }

  /** What is believed after a valid record with {@code mutations}. */
  JournalRoots after(List<Mutation> mutations) {
    JournalRoots roots = this;
    for (Mutation mutation : mutations) {
      int change = RecordCodec.changeOf(mutation.getClear());
      if (change == Change.ROOT_INTRODUCED_FIELD_NUMBER) {
        roots = roots.introduced(parse(mutation).getRootIntroduced()).orElse(roots);
      } else if (change == Change.ROOT_RETIRED_FIELD_NUMBER) {
        roots = roots.retired(parse(mutation).getRootRetired());
      }
    }
    return roots;
  }

  private static Change parse(Mutation mutation) {
    try {
      return Change.parseFrom(mutation.getClear());
    } catch (InvalidProtocolBufferException e) {
      return Change.getDefaultInstance(); // has no effect, here as in the catalog
    }
  }

  /** Whether {@code next} would have an effect. */
  public boolean takes(RootIntroduced next) {
    return introduced(next).isPresent();
  }

  /** Empty if it has no effect. */
  private Optional<JournalRoots> introduced(RootIntroduced next) {
    if (believed().size() > 1 || all.size() >= RootLine.ROOTS_MAX) {
      return Optional.empty();
    }
    try {
      X509Certificate root = Certificates.parse(next.getCertificate().toByteArray());
      RootLine.requireSuccession(
          Certificates.parse(newest().toByteArray()),
          root,
          Certificates.parse(next.getLink().toByteArray()));
      ByteString encoded = ByteString.copyFrom(Certificates.encode(root));
      return all.contains(encoded)
          ? Optional.empty()
          : Optional.of(
              new JournalRoots(Stream.concat(all.stream(), Stream.of(encoded)).toList(), retired));
    } catch (HoldfastException refused) {
      return Optional.empty();
    }
  }

  private JournalRoots retired(RootRetired change) {
    return IntStream.range(retired, all.size() - 1)
        .filter(at -> fingerprint(all.get(at)).equals(change.getRoot()))
        .mapToObj(at -> new JournalRoots(all, at + 1))
        .findFirst()
        .orElse(this);
  }

  private static ByteString fingerprint(ByteString root) {
    return Fingerprint.of(Certificates.parse(root.toByteArray())).toByteString();
  }
}
