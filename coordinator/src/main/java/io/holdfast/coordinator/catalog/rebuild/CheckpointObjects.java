package io.holdfast.coordinator.catalog.rebuild;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The vault, as far as checkpoints need it. Any thread. Errors are the vault's. */
public interface CheckpointObjects {
  /**
   * Creates the object {@code name} from all bytes of {@code file}, durable on return.
   *
   * @return false if there is an object of that name already, which stays as it is
   */
  boolean createIfAbsent(String name, Path file);

  /** Opens an object for reading from its start, if there is one; the caller closes the stream. */
  Optional<InputStream> read(String name);

  /** Names that begin with {@code prefix}, in any order. May lack new ones. */
  List<String> list(String prefix);
}
