package io.holdfast.coordinator.vault;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A place for immutable objects. An object appears whole or not at all, never changes, and holds
 * its name until it is deleted. All methods are safe for many threads, and several coordinators may
 * use one vault at once; every promise below holds among all of them.
 *
 * <p>Failures are {@link io.holdfast.common.error.HoldfastException}s. VAULT_UNAVAILABLE: the store
 * didn't answer or answered with an error; nothing is said about any object, least of all that it
 * is missing. VAULT_FULL: space must be made first. OBJECT_NOT_FOUND: the store is there and the
 * object isn't. MALFORMED: the object is shorter than it was or should be.
 */
public interface Vault extends AutoCloseable {
  /** Which vault this is. */
  VaultIdentity identity();

  /**
   * Creates a small object only if the name is free. Of any number of creators of a name, wherever
   * they run, at most one is ever told {@link CreateOutcome.Created}; the name holds the complete
   * bytes of one of them. When it returns Created or Exists, what the name holds is durable. The
   * buffers' positions don't move, so an unknown outcome can be followed by the same call.
   *
   * @throws io.holdfast.common.error.HoldfastException VAULT_FULL, VAULT_UNAVAILABLE: it failed
   *     before the name could be claimed; none of these bytes are or will be visible
   */
  CreateOutcome create(ObjectName name, ByteBuffer... content);

  /**
   * Begins a large object under a name that nobody else will ever choose (random ids). Takes space
   * from the first append; if the process dies, the remains are swept by a later one.
   *
   * @throws io.holdfast.common.error.HoldfastException VAULT_FULL, VAULT_UNAVAILABLE
   */
  ObjectWriter newObject(ObjectName name);

  /**
   * The whole of a small object, or empty if there is none.
   *
   * @throws io.holdfast.common.error.HoldfastException LIMIT_EXCEEDED if it is larger than {@code
   *     maxBytes} (nothing is read then), MALFORMED, VAULT_UNAVAILABLE
   */
  Optional<byte[]> find(ObjectName name, int maxBytes);

  /**
   * The whole of a small object that has to be there.
   *
   * @throws io.holdfast.common.error.HoldfastException OBJECT_NOT_FOUND, and as {@link #find}
   */
  default byte[] read(ObjectName name, int maxBytes) {
    return find(name, maxBytes).orElseThrow(() -> VaultErrors.notFound(this, name));
  }

  /**
   * Opens an object for reads at offsets.
   *
   * @throws io.holdfast.common.error.HoldfastException OBJECT_NOT_FOUND, VAULT_UNAVAILABLE
   */
  ObjectReader open(ObjectName name);

  /** Length in bytes, or empty if there is no such object. */
  OptionalLong size(ObjectName name);

  /**
   * Shows the names below {@code prefix} that sort after {@code startAfter}, in order of their
   * bytes, until the visitor answers false. An object created before the call is shown, unless it
   * is deleted meanwhile; one created during the call may be. A name shown is proof that it was
   * there; a name not shown by a store that lies about lists is proof of nothing. Memory doesn't
   * grow with the number of objects.
   */
  void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor);

  /** Shows all names below {@code prefix}, in order of their bytes. */
  default void list(ObjectPrefix prefix, ObjectVisitor visitor) {
    list(prefix, Optional.empty(), visitor);
  }

  /**
   * Deletes an object, durably; does nothing if there is none. Only for sweeps and trims whose
   * rules were kept, and for scratch objects. After a failure it may be there or not, or come back
   * after a power cut; the call can be repeated.
   */
  void delete(ObjectName name);

  /** Bytes that may still be written, as far as the store can tell; no reservation. */
  long usableBytes();

  /**
   * Releases what the vault holds. Writers and readers are closed before, by those who opened them.
   * Never fails; closing twice does nothing.
   */
  @Override
  void close();
}
