package io.holdfast.coordinator.schedule;

/** All that decides when the runs of something begin. */
public record Schedule(Timetable timetable, CatchUp catchUp, Retries retries) {}
