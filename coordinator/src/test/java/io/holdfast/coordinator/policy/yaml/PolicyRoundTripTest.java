package io.holdfast.coordinator.policy.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataRate;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.Fact;
import io.holdfast.coordinator.policy.Hooks;
import io.holdfast.coordinator.policy.Limits;
import io.holdfast.coordinator.policy.Objectives;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.Requirement;
import io.holdfast.coordinator.policy.Requirement.Subject;
import io.holdfast.coordinator.policy.Selector;
import io.holdfast.coordinator.policy.Source;
import io.holdfast.coordinator.policy.change.PolicyDiff;
import io.holdfast.coordinator.retention.Period;
import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.schedule.CatchUp;
import io.holdfast.coordinator.schedule.RatePlan;
import io.holdfast.coordinator.schedule.Recurrence;
import io.holdfast.coordinator.schedule.Retries;
import io.holdfast.coordinator.schedule.Schedule;
import io.holdfast.coordinator.schedule.Timetable;
import io.holdfast.coordinator.schedule.Window;
import io.holdfast.coordinator.schedule.Windows;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyRoundTripTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyPolicyReadsBackAsItWasWritten(long seed) {
    RandomPolicies policies = new RandomPolicies(new Random(seed));
    for (int round = 0; round < 200; round++) {
      Policy policy = policies.policy();
      String text = PolicyWriter.write(policy);
      String what = "seed " + seed + ", round " + round + "\n" + text;
      Policy back = PolicyReader.read(what, text).getFirst();
      assertEquals(policy, back, what);
      assertEquals(text, PolicyWriter.write(back), what);
      Policy other = policies.policy();
      assertNotEquals(PolicyWriter.hash(policy), PolicyWriter.hash(other), what);
      assertEquals(List.of(), PolicyDiff.of(policy, back), what);
      assertNotEquals(List.of(), PolicyDiff.of(policy, other), what);
    }
  }

  /** Whatever is done to a text, it is read, or refused in so many words. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noDamageShouldBeAnythingButAProblem(long seed) {
    Random random = new Random(seed);
    String reference =
        PolicyReferenceTest.text("/io/holdfast/coordinator/policy/yaml/policy-reference.yaml");
    List<String> lines = reference.lines().toList();
    int refused = 0;
    for (int round = 0; round < 400; round++) {
      List<String> damaged = new ArrayList<>(lines);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        damage(damaged, random);
      }
      try {
        PolicyReader.read("seed " + seed + ", round " + round, String.join("\n", damaged));
      } catch (HoldfastException e) {
        assertEquals(ErrorCode.INVALID_CONFIGURATION, e.code());
        refused++;
      }
    }
    assertNotEquals(0, refused);
  }

  private static void damage(List<String> lines, Random random) {
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    int middle = line.isEmpty() ? 0 : random.nextInt(line.length());
    switch (random.nextInt(6)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
      case 2 -> lines.set(at, line.substring(0, middle));
      case 3 ->
          lines.set(
              at,
              line.substring(0, middle)
                  + "[{&*:-\"'\t".charAt(random.nextInt(9))
                  + line.substring(middle));
      case 4 -> lines.set(at, "  " + line);
      default -> lines.set(at, line.replaceFirst(": .*", ": " + "0123456789x".repeat(3)));
    }
  }

  /** Policies of all kinds of parts. */
  private static final class RandomPolicies {
    private final Random random;

    RandomPolicies(Random random) {
      this.random = random;
    }

    Policy policy() {
      List<DataClass> classes = new ArrayList<>();
      int count = random.nextInt(4);
      Parts shared = parts();
      for (int n = 0; n < count; n++) {
        classes.add(dataClass("class-" + n, n, shared));
      }
      if (classes.isEmpty()) {
        classes.add(dataClass(DataClass.ONLY, 0, shared));
      }
      String description = random.nextBoolean() ? "" : text();
      return new Policy(name(), description, selector(), classes);
    }

    private DataClass dataClass(String name, int number, Parts shared) {
      Parts own = parts();
      Source source = source("/" + number + "/" + name());
      return new DataClass(
          name,
          source,
          random.nextBoolean() ? own.schedule().get() : shared.schedule().get(),
          random.nextBoolean() ? own.limits().get() : shared.limits().get(),
          random.nextBoolean() ? own.retention() : shared.retention(),
          random.nextBoolean() ? own.objectives().get() : shared.objectives().get(),
          random.nextBoolean() ? own.gapsLimit().get() : shared.gapsLimit().get(),
          random.nextBoolean() ? own.hooks().get() : shared.hooks().get(),
          random.nextBoolean() ? own.hold() : shared.hold());
    }

    private Parts parts() {
      return new Parts(
          Optional.empty(),
          Optional.of(schedule()),
          Optional.of(limits()),
          maybe(this::rules),
          Optional.of(new Objectives(maybe(this::duration), maybe(this::duration))),
          Optional.of(number()),
          Optional.of(new Hooks(hooks(), hooks())),
          maybe(this::text));
    }

    private RetentionRules rules() {
      RetentionRules rules = RetentionRules.in(ZoneOffset.UTC).keep(Period.LAST, 1);
      for (Period period : Period.values()) {
        rules = rules.keep(period, rules.count(period) + number());
      }
      return rules.keepWithin(Duration.ofDays(1).plus(duration()));
    }

    private Schedule schedule() {
      Recurrence recurrence = Recurrence.parse(oneOf("@daily", "@every 7h", "*/5 1-3 * * mon,wed"));
      ZoneId zone = ZoneId.of(oneOf("UTC", "Europe/Berlin", "Pacific/Apia"));
      Windows windows =
          new Windows(
              random.nextBoolean()
                  ? List.of()
                  : List.of(Window.parse("22:00-6:00"), Window.parse("fri-mon 0:00-24:00")));
      Duration backOff = duration();
      return new Schedule(
          new Timetable(recurrence, zone, windows, duration()),
          new CatchUp(maybe(this::duration)),
          new Retries(number(), backOff, backOff.plus(duration())));
    }

    private Limits limits() {
      List<RatePlan.Limit> limits = new ArrayList<>();
      for (int n = random.nextInt(3); n > 0; n--) {
        DataRate rate =
            random.nextInt(4) == 0 ? DataRate.UNLIMITED : new DataRate(1 + random.nextInt(1 << 24));
        limits.add(new RatePlan.Limit(rate, maybe(() -> Window.parse("mon-thu 08:00-18:00"))));
      }
      return new Limits(new RatePlan(limits), number(), maybe(this::name));
    }

    private List<Hooks.Hook> hooks() {
      List<Hooks.Hook> hooks = new ArrayList<>();
      for (int n = random.nextInt(3); n > 0; n--) {
        hooks.add(new Hooks.Hook(name(), duration(), oneOf(Hooks.OnFailure.values())));
      }
      return hooks;
    }

    private Selector selector() {
      Map<String, String> labels = new HashMap<>();
      Map<Fact, String> facts = new HashMap<>();
      List<Requirement> requirements = new ArrayList<>();
      for (int n = random.nextInt(3); n > 0; n--) {
        labels.put(text(), text());
        facts.put(oneOf(Fact.values()), text());
        Subject subject =
            random.nextBoolean()
                ? new Subject.Label(text())
                : new Subject.Known(oneOf(Fact.values()));
        Requirement.Operator operator = oneOf(Requirement.Operator.values());
        requirements.add(
            new Requirement(
                subject,
                operator,
                operator.takesValues() ? List.of(name() + "*", name()) : List.of()));
      }
      return new Selector(labels, facts, requirements);
    }

    private Source source(String path) {
      boolean hook = random.nextInt(3) == 0;
      return switch (random.nextInt(5)) {
        case 0 ->
            new Source.Files(
                List.of(path, path + "/b", "/"),
                random.nextBoolean() ? List.of() : List.of("*.tmp", "!" + text(), "# " + text()),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                hook ? Source.SnapshotFirst.HOOK : Source.SnapshotFirst.BTRFS,
                hook ? Optional.of(name()) : Optional.empty());
        case 1 -> new Source.BlockImage(path, Source.Format.QCOW2);
        case 2 -> new Source.CommandStream(name() + path.hashCode(), name(), duration());
        case 3 ->
            new Source.PostgreSql(
                path, 1 + number(), text(), maybe(() -> path), Source.Checkpoint.FAST, true);
        default ->
            new Source.MariaDb(
                path, text(), maybe(() -> path), Source.Method.DUMP, List.of(text(), text()));
      };
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
      return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    @SafeVarargs
    private <T> T oneOf(T... values) {
      return values[random.nextInt(values.length)];
    }

    private int number() {
      return random.nextInt(90);
    }

    /** Allowed everywhere. */
    private Duration duration() {
      return Duration.ofMinutes(5 + random.nextInt(600)).plusSeconds(random.nextInt(60));
    }

    private String name() {
      return "n" + random.nextInt(1_000);
    }

    private String text() {
      String signs = "aZ0 :#-*&!|>'\"%@`{}[],?\\~=<./_ä中";
      StringBuilder text = new StringBuilder("t");
      for (int length = random.nextInt(9); length > 0; length--) {
        text.append(signs.charAt(random.nextInt(signs.length())));
      }
      return text.toString();
    }
  }
}
