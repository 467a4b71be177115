/**
 * The operator's side of the admin socket.
 *
 * <p>Owns {@link io.holdfast.deploy.link.AdminLink}: one gRPC channel over the coordinator's Unix
 * socket, and what its failures mean to the person at the keyboard. The only package of this module
 * that knows gRPC.
 *
 * <p>Must never: authenticate (the socket's permissions do), retry (a person is watching), or
 * change a message.
 *
 * <p>Threads: calls block the caller; gRPC's event loop is one thread, ended by {@code close}.
 * {@link io.holdfast.deploy.link.AdminLink#cancelJob} may be called while another thread streams.
 * Files: the socket. Tests: a real server on a real socket, in the tests of {@code deploy.cli}.
 */
package io.holdfast.deploy.link;
