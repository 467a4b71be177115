package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Invariants.Breach;
import io.holdfast.coordinator.sweep.model.Invariants.Broken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Walks all states of a scenario, breadth first, so that the first breach it meets is one of the
 * shortest ways to one.
 *
 * <p>Kept for each state are its digest and the step that led to it (parent and number of the
 * step); states themselves are kept only while they wait to be left. A trace is told by walking its
 * steps again.
 */
final class Search {
  /** Thrown where a scenario is larger than it says. */
  static final class TooManyStates extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyStates(int states) {
      super("more than " + states + " states; make the scenario smaller or allow more");
    }
  }

  /**
   * What a search found.
   *
   * @param breach the first breach, if there is one
   * @param trace the steps to it
   */
  record Result(int states, int depth, Optional<Breach> breach, List<String> trace) {
    String told() {
      StringBuilder told = new StringBuilder();
      for (int step = 0; step < trace.size(); step++) {
        told.append("  ").append(step + 1).append(". ").append(trace.get(step)).append('\n');
      }
      breach.ifPresent(found ->
          told.append("  ").append(found.broken()).append(": ").append(found.words()).append('\n'));
      return told.toString();
    }
  }

  private final Scenario scenario;
  private final Set<Broken> sought;
  private final int statesMax;
  private final Invariants invariants;
  private final List<Steps> parties;
  private final Seen seen;
  private List<State> next = new ArrayList<>();
  private int[] parents = new int[1 << 12];
  private short[] numbers = new short[1 << 12];

  /** Stops at breaches of the kinds {@code sought}; walks on past others. */
  Search(Scenario scenario, Set<Broken> sought, int statesMax) {
    this.scenario = scenario;
    this.sought = sought;
    this.statesMax = statesMax;
    invariants = new Invariants(scenario);
    seen = new Seen();
    parties =
        List.of(
            new AgentSteps(scenario),
            new ProofSteps(scenario),
            new MarkSteps(scenario),
            new CondemnSteps(scenario),
            new PackSteps(scenario),
            new OperatorSteps(scenario));
  }

  Result run() {
    add(State.EMPTY, -1, 0);
    int depth = 0;
    int parent = 0;
    while (!next.isEmpty()) {
      List<State> layer = next;
      next = new ArrayList<>();
      for (State state : layer) {
        Visit visit = new Visit(state, parent);
        parties.forEach(party -> party.from(state, visit));
        if (visit.breach != null) {
          return new Result(
              seen.size(), depth, Optional.of(visit.breach), trace(parent, visit.breachAt));
        }
        parent++;
      }
      depth++;
    }
    return new Result(seen.size(), depth - 1, Optional.empty(), List.of());
  }

  private void add(State state, int parent, int number) {
    if (!seen.add(state.digest(scenario.isSymmetric()))) {
      return;
    }
    int index = seen.size() - 1;
    if (index >= statesMax) {
      throw new TooManyStates(statesMax);
    }
    if (index == parents.length) {
      parents = Arrays.copyOf(parents, 2 * index);
      numbers = Arrays.copyOf(numbers, 2 * index);
    }
    parents[index] = parent;
    numbers[index] = (short) number;
    next.add(state);
  }

  private List<String> trace(int last, int lastNumber) {
    List<Integer> steps = new ArrayList<>(List.of(lastNumber));
    for (int at = last; parents[at] >= 0; at = parents[at]) {
      steps.addFirst((int) numbers[at]);
    }
    List<String> words = new ArrayList<>();
    State state = State.EMPTY;
    for (int number : steps) {
      Replay replay = new Replay(number);
      State from = state;
      parties.forEach(party -> party.from(from, replay));
      words.add(replay.words);
      state = replay.after;
    }
    return words;
  }

  /** Takes the steps out of one state. */
  private final class Visit implements Steps.Next {
    private final State before;
    private final int index;
    private int number;
    private Breach breach;
    private int breachAt;

    Visit(State before, int index) {
      this.before = before;
      this.index = index;
    }

    @Override
    public void step(State after, Supplier<String> words) {
      judge(invariants.afterStep(before, after));
      take(after);
    }

    @Override
    public void loss(State after, Supplier<String> words) {
      take(after);
    }

    @Override
    public void blocked(State after, Supplier<String> words) {
      judge(Optional.of(new Breach(Broken.BLOCKED, "no sweep gets to its end any more")));
      take(after);
    }

    @Override
    public void commit(State after, int snapshot, Supplier<String> words) {
      judge(invariants.afterStep(before, after).or(() -> invariants.afterCommit(after, snapshot)));
      take(after);
    }

    private void judge(Optional<Breach> found) {
      if (breach == null && found.isPresent() && sought.contains(found.get().broken())) {
        breach = found.get();
        breachAt = number;
      }
    }

    private void take(State after) {
      add(after, index, number);
      number++;
    }
  }

  /** Takes one step by its number. */
  private static final class Replay implements Steps.Next {
    private final int wanted;
    private int number;
    private State after;
    private String words;

    Replay(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public void step(State state, Supplier<String> told) {
      if (number == wanted) {
        after = state;
        words = told.get();
      }
      number++;
    }

    @Override
    public void loss(State state, Supplier<String> told) {
      step(state, told);
    }

    @Override
    public void blocked(State state, Supplier<String> told) {
      step(state, told);
    }

    @Override
    public void commit(State state, int snapshot, Supplier<String> told) {
      step(state, told);
    }
  }
}
