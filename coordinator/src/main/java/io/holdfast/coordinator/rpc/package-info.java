/**
 * The coordinator's end of the wire. The only package of this module that knows gRPC.
 *
 * <p>Owns: who a caller is, from the certificate of its TLS session ({@link
 * io.holdfast.coordinator.rpc.HostInterceptor}) or, where people call, from an access token or the
 * local socket itself ({@link io.holdfast.coordinator.rpc.PeopleDoor}); the services, which parse,
 * call and map errors and do nothing else, but for asking whether a call needs a second person
 * ({@link io.holdfast.coordinator.rpc.AdminActs}); and the settings of the listeners ({@link
 * io.holdfast.coordinator.rpc.FleetListener}).
 *
 * <p>Must never: let a call through that the table of roles doesn't name; take a caller's identity
 * from a message, or from a header that isn't an access token; block one of gRPC's threads.
 *
 * <p>Threads: a virtual thread a call, from the executor that the services are given; below, gRPC's
 * event loops, and of each listener a few for the signatures of TLS and for the door ({@link
 * io.holdfast.coordinator.rpc.FleetServer}), however many hosts come at once. Files: none.
 *
 * <p>Tests: over real mutual TLS on loopback. {@code AuthorisationMatrixTest} walks every method of
 * every service with every kind of caller.
 */
package io.holdfast.coordinator.rpc;
