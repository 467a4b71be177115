package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;
import io.holdfast.coordinator.sweep.model.Scenario.Upload;

/**
 * Two hosts: sessions, uploads on any coordinator, commits on the leader.
 *
 * <p>An honest host uploads what doesn't count for it yet, and a page once some coordinator has
 * told it that all references count; which isn't always the one that checks the page.
 */
final class AgentSteps implements Steps {
  private static final int BOTH = 3;

  private final Scenario scenario;
  private final References references;

  AgentSteps(Scenario scenario) {
    this.scenario = scenario;
    references = new References(scenario);
  }

  @Override
  public void from(State state, Next next) {
    for (int host = 0; host < Catalog.HOSTS; host++) {
      Session session = state.head().session(host);
      switch (session.status()) {
        case NONE -> open(state, host, next);
        case OPEN -> inSession(state, host, session, next);
        case SILENT -> {
          if (!scenario.on(Rule.SILENT_SESSION_IS_REFUSED)) {
            commit(state, host, session, next);
          }
        }
      }
    }
  }

  private void open(State state, int host, Next next) {
    boolean stays = host == Catalog.B && scenario.allows(Budget.ALONE);
    if (stays || !state.can(Budget.SESSIONS, scenario)) {
      return;
    }
    State spent = state.spend(Budget.SESSIONS);
    Catalog head = spent.head();
    next.step(
        spent.with(head.withSession(host, Session.open(0))),
        () -> Words.host(host) + " opens a session");
    int bases = scenario.allows(Budget.BASES) ? head.live() & Catalog.allOf(host) : 0;
    for (int left = bases; left != 0; left &= left - 1) {
      int base = Integer.numberOfTrailingZeros(left);
      next.step(
          spent.with(head.withSession(host, Session.open(Catalog.rootOf(base) + 1))),
          () -> Words.host(host) + " opens a session with base " + Words.snapshot(base, scenario));
    }
  }

  private void inSession(State state, int host, Session session, Next next) {
    if (state.can(Budget.PACKS, scenario)) {
      scenario.uploads().forEach(upload -> upload(state, host, upload, next));
    }
    commit(state, host, session, next);
    if (scenario.allows(Budget.ENDS)) {
      next.step(
          close(state, host, scenario.on(Rule.SILENT_SESSION_IS_REFUSED)),
          () -> Words.host(host) + " is silent; its session is closed by record");
    }
  }

  private void upload(State state, int host, Upload upload, Next next) {
    if (!isLacking(state.head(), upload, host)) {
      return;
    }
    if (scenario.isPage(upload.first())) {
      uploadPage(state, host, upload, next);
    } else {
      next.step(
          register(state, host, upload, 0),
          () -> Words.host(host) + " uploads " + Words.upload(upload, scenario));
      if (isBit(scenario.faulty(), host) && state.can(Budget.GARBAGE, scenario)) {
        next.step(
            registerGarbage(state, host, upload, 0),
            () -> Words.host(host) + " uploads garbage as " + Words.upload(upload, scenario));
      }
    }
  }

  private boolean isLacking(Catalog view, Upload upload, int host) {
    return !references.counts(view, upload.first(), host)
        || (upload.second() >= 0 && !references.counts(view, upload.second(), host));
  }

  private void uploadPage(State state, int host, Upload upload, Next next) {
    int list = scenario.references(upload.first());
    list |= upload.second() < 0 ? 0 : scenario.references(upload.second());
    boolean told =
        references.allCount(state.head(), list, host)
            || (state.behind() != null && references.allCount(state.behind(), list, host));
    if (told) {
      int leaders = checks(state.head(), upload, host);
      next.step(
          register(state, host, upload, leaders),
          () -> uploaded(host, upload, leaders, "the leader"));
      if (state.behind() != null) {
        int followers = followersChecks(state, upload, host);
        next.step(
            register(state, host, upload, followers),
            () -> uploaded(host, upload, followers, "the follower that is behind"));
      }
    }
    if (isBit(scenario.forgers(), host) && state.can(Budget.GARBAGE, scenario)) {
      int forged = scenario.chunks().get(upload.first()).forged();
      int checked = references.passesCheck(state.head(), forged, host) ? BOTH : 0;
      next.step(
          registerGarbage(state, host, upload, checked),
          () ->
              Words.host(host)
                  + " uploads page "
                  + Words.upload(upload, scenario)
                  + " with a forged list");
    }
  }

  /** Which of the pages pass: 1 for the first, 2 for the second. */
  private int checks(Catalog view, Upload upload, int host) {
    int passed = references.passesCheck(view, scenario.references(upload.first()), host) ? 1 : 0;
    boolean second =
        upload.second() >= 0
            && references.passesCheck(view, scenario.references(upload.second()), host);
    return passed | (second ? 2 : 0);
  }

  /** A check is dead on arrival if its view is older than what undoes it. */
  private int followersChecks(State state, Upload upload, int host) {
    boolean dead =
        isBit(state.undone(), host) && scenario.on(Rule.CHECK_CARRIES_THE_SEQ_IT_BEGAN_AT);
    return dead ? 0 : checks(state.behind(), upload, host);
  }

  private String uploaded(int host, Upload upload, int checked, String by) {
    return Words.host(host)
        + " uploads page "
        + Words.upload(upload, scenario)
        + (checked != 0 ? ", checked by " + by : ", which fails its check by " + by);
  }

  private State register(State state, int host, Upload upload, int checked) {
    State spent = state.spend(Budget.PACKS);
    if (!scenario.on(Rule.UPLOAD_GOES_TO_ANOTHER_PACK)) {
      State revived = revive(spent, upload.first());
      if (revived != null) {
        return revived;
      }
    }
    return registered(
        spent,
        upload,
        fresh(upload.first(), host, checked & 1),
        upload.second() < 0 ? Entry.NONE : fresh(upload.second(), host, checked & 2));
  }

  private State registerGarbage(State state, int host, Upload upload, int checked) {
    Entry first = fresh(upload.first(), host, checked & 1).with(Flag.GARBAGE);
    Entry second =
        upload.second() < 0
            ? Entry.NONE
            : fresh(upload.second(), host, checked & 2).with(Flag.GARBAGE);
    return registered(state.spend(Budget.PACKS).spend(Budget.GARBAGE), upload, first, second);
  }

  private State registered(State state, Upload upload, Entry first, Entry second) {
    int chunks = 1 << upload.first() | (upload.second() < 0 ? 0 : 1 << upload.second());
    return state.adding(state.packs().plus(first, second), chunks, scenario);
  }

  /** Without the rule: the bytes are still there, as the one asked sees it, so why store them. */
  private static State revive(State state, int chunk) {
    for (int slot = 0; slot < state.packs().slots(); slot++) {
      Entry entry = state.packs().at(slot);
      if (entry.exists() && entry.chunk() == chunk && entry.is(Flag.CONDEMNED)) {
        return state.with(
            state.packs().mapAt(slot, each -> each.without(Flag.CONDEMNED, Flag.PINNED)));
      }
    }
    if (state.behind() == null) {
      return null;
    }
    Packs seen = state.behind().packs();
    for (int slot = 0; slot < seen.slots(); slot++) {
      Entry entry = seen.at(slot);
      if (entry.exists() && entry.chunk() == chunk && entry.is(Flag.CONDEMNED)) {
        return state.with(state.packs().plus(entry.moved().with(Flag.FAILED), Entry.NONE));
      }
    }
    return null;
  }

  private static Entry fresh(int chunk, int host, int checked) {
    return Entry.of(chunk, host).with(Flag.FRESH).with(Entry.checkedFor(host), checked != 0);
  }

  private void commit(State state, int host, Session session, Next next) {
    for (int root = 0; root < scenario.chunks().size(); root++) {
      int snapshot = Catalog.slot(host, root);
      if (session.walked() == root + 1) {
        next.commit(
            committed(state, host, root),
            snapshot,
            () -> "the commit of " + Words.snapshot(snapshot, scenario) + " is recorded");
      } else if (session.walked() == 0
          && scenario.isPage(root)
          && references.passesCommit(state.head(), root, host)) {
        passed(state, host, root, session, next);
      }
    }
  }

  /**
   * As long as nothing that undoes a reference comes between the walk and the record, the two are
   * one step.
   */
  private void passed(State state, int host, int root, Session session, Next next) {
    int snapshot = Catalog.slot(host, root);
    if (scenario.on(Rule.LOSS_HOLDS_THE_COMMIT_PATH)
        && scenario.on(Rule.CONDEMN_HOLDS_THE_COMMIT_PATH)) {
      next.commit(
          committed(state, host, root),
          snapshot,
          () -> Words.host(host) + " commits " + Words.snapshot(snapshot, scenario));
    } else {
      next.step(
          state.with(state.head().withSession(host, session.walked(root))),
          () ->
              Words.host(host)
                  + " asks for the commit of "
                  + Words.snapshot(snapshot, scenario)
                  + "; its walk passes");
    }
  }

  State committed(State state, int host, int root) {
    Catalog head = state.head();
    int bit = 1 << Catalog.slot(host, root);
    State after =
        close(state.with(head.withSnapshots(head.live() | bit, head.soft() & ~bit)), host, true);
    return !scenario.on(Rule.MARK_WALKS_LATE_ROOTS)
        ? after
        : after.takenUp(mark -> mark.andCommitted(root), scenario);
  }

  private static State close(State state, int host, boolean known) {
    Catalog head = state.head();
    Session closed = known ? Session.NONE : head.session(host).silenced();
    Packs packs =
        head.packs().map(entry -> entry.uploader() == host ? entry.without(Flag.FRESH) : entry);
    return state.with(head.withSession(host, closed).with(packs));
  }

  private static boolean isBit(int hosts, int host) {
    return (hosts & 1 << host) != 0;
  }
}
