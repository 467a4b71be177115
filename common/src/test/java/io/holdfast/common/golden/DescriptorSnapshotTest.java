package io.holdfast.common.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.holdfast.proto.stored.v1.Alarms;
import io.holdfast.proto.stored.v1.Host;
import io.holdfast.proto.stored.v1.Journal;
import io.holdfast.proto.stored.v1.Keys;
import io.holdfast.proto.wire.v1.AdminOuterClass;
import io.holdfast.proto.wire.v1.AlarmOuterClass;
import io.holdfast.proto.wire.v1.Audit;
import io.holdfast.proto.wire.v1.BackupOuterClass;
import io.holdfast.proto.wire.v1.Common;
import io.holdfast.proto.wire.v1.ControlOuterClass;
import io.holdfast.proto.wire.v1.EnrolmentOuterClass;
import io.holdfast.proto.wire.v1.KeysOuterClass;
import io.holdfast.proto.wire.v1.PeopleOuterClass;
import io.holdfast.proto.wire.v1.ReadOuterClass;
import io.holdfast.proto.wire.v1.Retention;
import io.holdfast.proto.wire.v1.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every message, field, enumeration and method as it was released: a field that changes its number
 * or type, or a number that comes back with another meaning, fails here and not at a customer's.
 *
 * <p>The snapshot is {@code golden/v1/descriptors.txt}. What is only added may be added there.
 */
class DescriptorSnapshotTest {
  private static final List<FileDescriptor> FILES =
      List.of(
          Alarms.getDescriptor(),
          Host.getDescriptor(),
          Journal.getDescriptor(),
          Keys.getDescriptor(),
          AdminOuterClass.getDescriptor(),
          AlarmOuterClass.getDescriptor(),
          Audit.getDescriptor(),
          BackupOuterClass.getDescriptor(),
          Common.getDescriptor(),
          ControlOuterClass.getDescriptor(),
          EnrolmentOuterClass.getDescriptor(),
          KeysOuterClass.getDescriptor(),
          PeopleOuterClass.getDescriptor(),
          ReadOuterClass.getDescriptor(),
          Retention.getDescriptor(),
          Sweep.getDescriptor());

  @Test
  void shouldDescribeMessagesAsReleased() throws IOException {
    List<String> now = new ArrayList<>();
    for (FileDescriptor file : FILES) {
      file.getMessageTypes().forEach(message -> describe(message, now));
      file.getEnumTypes().forEach(type -> describe(type, now));
      file.getServices().forEach(service -> describe(service, now));
    }
    List<String> lines = now.stream().sorted().toList();
    Path actual = Path.of("target", "descriptors.txt");
    Files.createDirectories(actual.toAbsolutePath().getParent());
    Files.write(
        actual,
        Stream.concat(
                Stream.of("# kind, full name, and number, type or shape; sorted"), lines.stream())
            .toList());

    List<String> released =
        Golden.lines("descriptors.txt").stream().map(words -> String.join(" ", words)).toList();
    assertEquals(
        List.of(),
        released.stream().filter(line -> !lines.contains(line)).toList(),
        "changed or gone since it was released: give the new field a new number instead");
    assertEquals(
        List.of(),
        lines.stream().filter(line -> !released.contains(line)).toList(),
        () -> "not in the snapshot yet: add these lines, or copy " + actual.toAbsolutePath());
  }

  private static void describe(Descriptor message, List<String> to) {
    to.add("message " + message.getFullName());
    for (FieldDescriptor field : message.getFields()) {
      to.add("field " + field.getFullName() + " " + field.getNumber() + " " + shape(field));
    }
    for (var range : message.toProto().getReservedRangeList()) {
      to.add("reserved " + message.getFullName() + " " + range.getStart() + "-" + range.getEnd());
    }
    message.getNestedTypes().forEach(nested -> describe(nested, to));
    message.getEnumTypes().forEach(nested -> describe(nested, to));
  }

  private static String shape(FieldDescriptor field) {
    String type =
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getFullName();
          case ENUM -> field.getEnumType().getFullName();
          case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
              field.getType().toString().toLowerCase(Locale.ROOT);
        };
    return (field.isRepeated() ? "repeated " : "") + type;
  }

  private static void describe(EnumDescriptor type, List<String> to) {
    for (EnumValueDescriptor value : type.getValues()) {
      to.add("value " + value.getFullName() + " " + value.getNumber());
    }
  }

  private static void describe(ServiceDescriptor service, List<String> to) {
    for (MethodDescriptor method : service.getMethods()) {
      to.add(
          "method "
              + method.getFullName()
              + " "
              + (method.isClientStreaming() ? "stream " : "")
              + method.getInputType().getFullName()
              + " -> "
              + (method.isServerStreaming() ? "stream " : "")
              + method.getOutputType().getFullName());
    }
  }
}
