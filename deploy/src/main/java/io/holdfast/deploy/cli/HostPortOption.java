package io.holdfast.deploy.cli;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.error.HoldfastException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Addresses as {@link HostPort} reads them. */
final class HostPortOption implements ITypeConverter<HostPort> {
  @Override
  public HostPort convert(String text) {
    try {
      return HostPort.parse(text);
    } catch (HoldfastException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
