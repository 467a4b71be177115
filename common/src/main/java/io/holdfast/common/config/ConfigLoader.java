package io.holdfast.common.config;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.yaml.Node;
import io.holdfast.common.yaml.Origin;
import io.holdfast.common.yaml.Problems;
import io.holdfast.common.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Loads one configuration record, strictly. Immutable; safe for use by many threads.
 *
 * @param <T> a public record whose components all carry {@link Setting}
 */
public final class ConfigLoader<T extends Record> {
  /** What {@code version:} must say. */
  public static final int VERSION = 1;

  static final String VERSION_KEY = "version";

  /** A configuration larger than this is another kind of file. */
  private static final int BYTES_MAX = 1 << 20;

  private final Class<T> type;
  private final Environment environment;

  public ConfigLoader(Class<T> type, Environment environment) {
    this.type = type;
    this.environment = environment;
  }

  /**
   * Loads {@code file}. INVALID_CONFIGURATION lists every problem in it; OBJECT_NOT_FOUND if there
   * is no such file; IO if it can't be read.
   */
  public LoadedConfig<T> load(Path file, List<ConfigOverride> overrides) {
    return parse(file.toString(), readText(file), overrides);
  }

  /** What holds without any file: defaults and {@code overrides}. */
  public LoadedConfig<T> withoutFile(List<ConfigOverride> overrides) {
    Node.Mapping empty = new Node.Mapping(Origin.words("no configuration file"), Map.of());
    return bind(empty, overrides, Problems.byLine("the configuration without a file"));
  }

  /** Loads {@code text} as if it were the file {@code name}. */
  public LoadedConfig<T> parse(String name, String text, List<ConfigOverride> overrides) {
    Problems problems = Problems.byLine("the configuration " + name);
    Node.Mapping tree = YamlReader.read(name, text, problems);
    problems.throwIfAny(); // a tree that isn't one would only report what follows from it
    checkVersion(tree, problems);
    return bind(tree, overrides, problems);
  }

  private LoadedConfig<T> bind(
      Node.Mapping tree, List<ConfigOverride> overrides, Problems problems) {
    Binder binder = new Binder(new Variables(environment), overrides, problems);
    T value = binder.bindTop(type, tree);
    problems.throwIfAny();
    return new LoadedConfig<>(value, binder.effective());
  }

  private static void checkVersion(Node.Mapping tree, Problems problems) {
    Node.Entry version = tree.entries().get(VERSION_KEY);
    if (version == null) {
      problems.add(tree.origin(), "\"version\" is missing: write \"version: 1\" at the top");
      return;
    }
    boolean known =
        version.value() instanceof Node.Scalar scalar
            && scalar.text().equals(Integer.toString(VERSION));
    if (!known) {
      problems.add(
          version.origin(),
          "version "
              + version.value().described()
              + " isn't known to this release, which reads version "
              + VERSION);
    }
  }

  static String readText(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new HoldfastException(
            ErrorCode.INVALID_CONFIGURATION, file + " is over 1 MiB: is it the right file?");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new HoldfastException(
          ErrorCode.OBJECT_NOT_FOUND,
          "there is no file " + file + ": write it, or name another one",
          e);
    } catch (CharacterCodingException e) {
      throw new HoldfastException(ErrorCode.INVALID_CONFIGURATION, file + " isn't UTF-8 text", e);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "cannot read " + file + " (" + e + "): check its permissions", e);
    }
  }
}
