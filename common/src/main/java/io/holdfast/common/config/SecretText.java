package io.holdfast.common.config;

/**
 * A secret from a configuration file, such as a password. Prints as {@link #MASK} wherever it is
 * printed; {@link #reveal} is the one way to it.
 */
public record SecretText(String reveal) {
  public static final String MASK = "(hidden)";

  @Override
  public String toString() {
    return MASK;
  }
}
