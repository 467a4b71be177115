package io.holdfast.agent.node;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.JobContext;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.LogLevel;
import java.util.List;
import java.util.stream.Collectors;

/** What a job's log says at its beginning and at its end. */
final class JobLogs {
  private JobLogs() {}

  static void begin(JobContext context, String what, List<ByteString> paths) {
    context.log(
        LogLevel.LOG_LEVEL_INFO,
        what + " " + paths.stream().map(JobLogs::shown).collect(Collectors.joining(", ")));
  }

  /** Each gap and each difference that the result names. */
  static void end(JobContext context, JobResult result) {
    result.getGapsList().forEach(gap -> warn(context, "gap", gap));
    result.getDifferencesList().forEach(gap -> warn(context, "could not be set", gap));
  }

  private static void warn(JobContext context, String what, Gap gap) {
    context.log(
        LogLevel.LOG_LEVEL_WARNING, what + ": " + shown(gap.getPath()) + ": " + gap.getText());
  }

  private static String shown(ByteString path) {
    return path.isEmpty() ? "/" : path.toStringUtf8();
  }
}
