package io.holdfast.common.config;

import java.util.List;

/** A configuration and how each of its values came about, in the order of the definitions. */
public record LoadedConfig<T>(T value, List<EffectiveValue> effective) {
  public LoadedConfig {
    effective = List.copyOf(effective);
  }
}
