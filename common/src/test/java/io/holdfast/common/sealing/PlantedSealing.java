package io.holdfast.common.sealing;

import io.holdfast.common.id.RepositoryId;
import java.util.List;
import javax.crypto.Cipher;

/**
 * Bugs that somebody might write where chunks are sealed and opened, each with the claim that has
 * to notice it.
 */
enum PlantedSealing implements Sealing {
  /** The tag covers the body alone. */
  AAD_DROPPED(SealingClaim.NO_CHANGED_BIT_OPENS) {
    @Override
    public ChunkCipher cipher(RepositoryId repository) {
      return new ChunkCipher(repository) {
        @Override
        void cover(Cipher begun, byte[] bound, byte[] sealed, int offset, int clear) {}
      };
    }
  },
  /** The tag doesn't cover what is said in clear, a page's references among it. */
  CLEAR_PART_NOT_COVERED(SealingClaim.NO_OTHER_CLEAR_REFERENCES_OPEN) {
    @Override
    public ChunkCipher cipher(RepositoryId repository) {
      return new ChunkCipher(repository) {
        @Override
        void cover(Cipher begun, byte[] bound, byte[] sealed, int offset, int clear) {
          begun.updateAAD(bound);
        }
      };
    }
  },
  /** The tag covers only as much in clear as every chunk has. */
  REFERENCES_NOT_COVERED(SealingClaim.NO_OTHER_CLEAR_REFERENCES_OPEN) {
    @Override
    public ChunkCipher cipher(RepositoryId repository) {
      return new ChunkCipher(repository) {
        @Override
        void cover(Cipher begun, byte[] bound, byte[] sealed, int offset, int clear) {
          super.cover(begun, bound, sealed, offset, SealedHeader.FIXED_LENGTH);
        }
      };
    }
  },
  /** The tag covers neither the repository nor the id. */
  PLACE_NOT_COVERED(SealingClaim.NO_OTHER_REPOSITORY_OPENS_IT) {
    @Override
    public ChunkCipher cipher(RepositoryId repository) {
      return new ChunkCipher(repository) {
        @Override
        void cover(Cipher begun, byte[] bound, byte[] sealed, int offset, int clear) {
          begun.updateAAD(sealed, offset, clear);
        }
      };
    }
  },
  /** What opens is believed to be what was asked for. */
  CONTENT_NOT_RECOMPUTED(SealingClaim.NO_CONTENT_OPENS_UNDER_ANOTHER_NAME) {
    @Override
    public ChunkOpener opener(ChunkKeys keys) {
      return PlantedOpeners.believing(List.of(keys));
    }
  };

  final SealingClaim noticed;

  PlantedSealing(SealingClaim noticed) {
    this.noticed = noticed;
  }
}
