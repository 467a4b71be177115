/**
 * Disks whose format another program knows: it shows them as they are over the protocol of network
 * block devices, on a socket of this host.
 *
 * <p>Owns {@link io.holdfast.agent.nbd.NbdServer} (starts and ends {@code qemu-nbd}, read-only) and
 * {@link io.holdfast.agent.nbd.NbdConnection} (the client's side of the protocol: fixed newstyle
 * handshake, structured replies, block status). Must never: write to a disk; reach another host.
 *
 * <p>Threads: one. Files: a socket, a log and a note of the process in the agent's scratch
 * directory while a disk is read. Tests: {@code NbdConnectionTest} against a server in the test;
 * {@code io.holdfast.deploy.path.DiskImageTest} with the real one, where the host has it.
 */
package io.holdfast.agent.nbd;
