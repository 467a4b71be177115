package io.holdfast.agent.link;

import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.HostFacts;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the control stream stands on.
 *
 * @param executor gives each task a thread of its own that may block
 */
public record ControlPorts(
    OrderAuthority authority,
    RootMemory roots,
    OrderHandler handler,
    MoveHandler mover,
    Supplier<HostFacts> facts,
    Executor executor,
    Time time,
    Randomness randomness) {}
