package io.holdfast.deploy.cli;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as {@link DataSize} reads them. */
final class SizeOption implements ITypeConverter<DataSize> {
  @Override
  public DataSize convert(String text) {
    try {
      return DataSize.parse(text);
    } catch (HoldfastException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
