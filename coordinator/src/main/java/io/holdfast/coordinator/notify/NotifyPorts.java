package io.holdfast.coordinator.notify;

import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;

/** What notifications stand on. */
public record NotifyPorts(Sender sender, Time time, Randomness randomness, NotifyMeter meter) {}
