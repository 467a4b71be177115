/**
 * The agent's end of the wire: a channel to a coordinator of its fleet, and the streams on it.
 *
 * <p>Owns: the gRPC channel and the choice among several coordinators ({@link
 * io.holdfast.agent.link.CoordinatorChannel}), the calls of enrolment ({@link
 * io.holdfast.agent.link.EnrolmentCalls}), the control stream that orders come down and results go
 * up ({@link io.holdfast.agent.link.ControlStream}), and the queue of orders behind it. The only
 * package of the agent that knows gRPC; what reads and writes sessions knows {@link
 * io.holdfast.agent.link.SessionLinks} only, and the control stream {@link
 * io.holdfast.agent.link.ControlLink}, so that they also run without it.
 *
 * <p>Must never: run an order that has expired or whose authority {@link
 * io.holdfast.agent.link.OrderAuthority} refuses; run two jobs of a kind at once; forget a result
 * before the coordinator has said that it keeps it; answer a heartbeat more or less than once.
 *
 * <p>Threads: the control stream has one thread that reads and one that writes; each job has its
 * own. Callers block on streams; gRPC's event loops below. Files: none.
 *
 * <p>Tests: {@code ControlStreamTest} against a coordinator that breaks off, repeats itself and
 * speaks for others, over real mutual TLS.
 */
package io.holdfast.agent.link;
