package io.holdfast.coordinator.schedule.plan;

import io.holdfast.common.id.HostId;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What is so when the planner is asked.
 *
 * @param last from the journal: it must hold every order that was ever sent
 * @param running every job with a place, those of {@code last} included
 * @param reachable whether an order would reach the host now
 */
public record Situation(
    Function<Series, Optional<LastRun>> last,
    Collection<RunningJob> running,
    Predicate<HostId> reachable) {}
