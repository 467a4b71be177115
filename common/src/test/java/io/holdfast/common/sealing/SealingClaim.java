package io.holdfast.common.sealing;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.golden.Content;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RepositoryId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What sealing promises to those who store chunks with somebody else. */
enum SealingClaim {
  WHAT_WAS_SEALED_OPENS {
    @Override
    boolean holds(Sealing sealing, ChunkSealer sealer, ChunkOpener opener) {
      ChunkKey key = SealingKit.key(sealer, ChunkKind.PAGE, PLAIN);
      byte[] sealed = page(sealer, REFERENCES);
      return Arrays.equals(PLAIN, opener.open(key, sealed, 0, sealed.length));
    }
  },
  /** And it is called damage: no host is blamed for it, and no key is asked for. */
  NO_CHANGED_BIT_OPENS {
    @Override
    boolean holds(Sealing sealing, ChunkSealer sealer, ChunkOpener opener) {
      ChunkKey key = SealingKit.key(sealer, ChunkKind.PAGE, PLAIN);
      byte[] sealed = page(sealer, REFERENCES);
      for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
        byte[] changed = sealed.clone();
        changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        if (!isRefused(opener, key, changed, DAMAGE)) {
          return false;
        }
      }
      return true;
    }
  },
  /** The references of one sealed page put before the body of another of equal content. */
  NO_OTHER_CLEAR_REFERENCES_OPEN {
    @Override
    boolean holds(Sealing sealing, ChunkSealer sealer, ChunkOpener opener) {
      ChunkKey key = SealingKit.key(sealer, ChunkKind.PAGE, PLAIN);
      byte[] moved = page(sealer, REFERENCES);
      byte[] other = page(sealer, REFERENCES.reversed());
      int length = REFERENCES.size() * ChunkRef.LENGTH;
      System.arraycopy(other, SealedHeader.FIXED_LENGTH, moved, SealedHeader.FIXED_LENGTH, length);
      return isRefused(opener, key, moved, DAMAGE);
    }
  },
  NO_OTHER_NAME_OPENS_IT {
    @Override
    boolean holds(Sealing sealing, ChunkSealer sealer, ChunkOpener opener) {
      ChunkKey other = SealingKit.key(sealer, ChunkKind.PAGE, OTHER);
      return isRefused(opener, other, page(sealer, REFERENCES), DAMAGE);
    }
  },
  /** Even if that one has the same keys, as a copy of a repository would. */
  NO_OTHER_REPOSITORY_OPENS_IT {
    @Override
    boolean holds(Sealing sealing, ChunkSealer sealer, ChunkOpener opener) {
      RepositoryId elsewhere = new RepositoryId(new UUID(3, 4));
      ChunkKeys sameRoots = ChunkKeys.derive(elsewhere, 1, SealingKit.ID_ROOT, Bytes32.ZERO);
      try (ChunkOpener there = sealing.opener(sameRoots)) {
        ChunkKey key = SealingKit.key(sealer, ChunkKind.PAGE, PLAIN);
        return isRefused(there, key, page(sealer, REFERENCES), DAMAGE);
      }
    }
  },
  /** Whoever knows a content's K can seal anything under it. */
  NO_CONTENT_OPENS_UNDER_ANOTHER_NAME {
    @Override
    boolean holds(Sealing sealing, ChunkSealer sealer, ChunkOpener opener) {
      ChunkKey key = SealingKit.key(sealer, ChunkKind.PAGE, PLAIN);
      byte[] poison = sealer.seal(key, OTHER, 0, OTHER.length).bytes();
      return isRefused(opener, key, poison, EnumSet.of(ErrorCode.CHUNK_ID_MISMATCH));
    }
  };

  private static final byte[] PLAIN = Content.low(4, 500);
  private static final byte[] OTHER = Content.low(5, 500);
  private static final List<ChunkRef> REFERENCES = SealingKit.references(3);
  private static final Set<ErrorCode> DAMAGE =
      EnumSet.of(ErrorCode.CHUNK_CORRUPT, ErrorCode.UNKNOWN_VERSION, ErrorCode.LIMIT_EXCEEDED);

  abstract boolean holds(Sealing sealing, ChunkSealer sealer, ChunkOpener opener);

  boolean holds(Sealing sealing) {
    try (ChunkSealer sealer = sealing.sealer();
        ChunkOpener opener = sealing.opener(SealingKit.KEYS)) {
      return holds(sealing, sealer, opener);
    }
  }

  private static byte[] page(ChunkSealer sealer, List<ChunkRef> references) {
    ChunkKey key = SealingKit.key(sealer, ChunkKind.PAGE, PLAIN);
    return sealer.seal(key, PLAIN, 0, PLAIN.length, references).bytes();
  }

  private static boolean isRefused(
      ChunkOpener opener, ChunkKey key, byte[] sealed, Set<ErrorCode> codes) {
    return refusal(opener, key, sealed).filter(codes::contains).isPresent();
  }

  private static Optional<ErrorCode> refusal(ChunkOpener opener, ChunkKey key, byte[] sealed) {
    try {
      opener.open(key, sealed, 0, sealed.length);
      return Optional.empty();
    } catch (HoldfastException e) {
      return Optional.of(e.code());
    }
  }
}
