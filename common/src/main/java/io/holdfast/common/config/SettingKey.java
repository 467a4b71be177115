package io.holdfast.common.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One component of a configuration record, as a key.
 *
 * @param name in snake_case
 * @param item the type of the value, or of a list's or map's items; for a section the record
 */
record SettingKey(String name, Shape shape, Class<?> item, Setting setting) {
  /** What a key holds. */
  enum Shape {
    SECTION,
    SCALAR,
    OPTIONAL,
    LIST,
    MAP
  }

  static final String FILE_SUFFIX = "_file";

  /** The keys of {@code type}, in its order. IllegalStateException for a record that can't be. */
  static List<SettingKey> of(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(SettingKey::of).toList();
  }

  private static SettingKey of(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException(component + " has no @Setting");
    }
    String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    return new SettingKey(name, shape(component.getType()), item(component), setting);
  }

  private static Shape shape(Class<?> type) {
    if (type == List.class) {
      return Shape.LIST;
    }
    if (type == Map.class) {
      return Shape.MAP;
    }
    if (type == Optional.class) {
      return Shape.OPTIONAL;
    }
    return ValueType.find(type).isPresent() ? Shape.SCALAR : Shape.SECTION;
  }

  private static Class<?> item(RecordComponent component) {
    if (component.getGenericType() instanceof ParameterizedType generic) {
      int last = generic.getActualTypeArguments().length - 1;
      return (Class<?>) generic.getActualTypeArguments()[last];
    }
    return component.getType();
  }

  boolean isSection() {
    return shape == Shape.SECTION;
  }

  boolean isSecret() {
    return item == SecretText.class;
  }

  ValueType<?> valueType() {
    return ValueType.find(item)
        .orElseThrow(() -> new IllegalStateException(name + " holds " + item));
  }
}
