package io.holdfast.coordinator.schedule.plan;

import io.holdfast.common.id.HostId;
import java.util.Optional;

/** A job that takes a place, whoever began it. */
public record RunningJob(HostId host, String vault, Optional<String> group) {}
