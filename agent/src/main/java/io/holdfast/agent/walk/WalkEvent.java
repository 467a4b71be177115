package io.holdfast.agent.walk;

/** One step of a walk: an entry, or a place where something should have been. */
public sealed interface WalkEvent permits WalkEntry, WalkGap {}
