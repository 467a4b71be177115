/**
 * PostgreSQL clusters of this host as sources, and what a restored one needs to start.
 *
 * <p>Owns the base backup ({@link io.holdfast.agent.postgres.ClusterSource}: the server is told
 * that one begins, its files are read while they are written to, the server says what makes them
 * whole), the archive of the log between base backups ({@link
 * io.holdfast.agent.postgres.LogArchives}), where both stand in snapshots ({@code Layout}), and the
 * preparation of restored files ({@link io.holdfast.agent.postgres.RestoredCluster}). Why it is
 * done so stands in decision record 8.
 *
 * <p>Must never: write into a running cluster's directories; have a password in an argument, a
 * variable or a log; tell the server that the backup ended before every file was read ({@code
 * SourceCursor.awaitsReading}); move the slot on before what it kept is committed; hand out a
 * control file where a server would start on it without its label.
 *
 * <p>The server is spoken to through its own client program, in one session for each base backup:
 * what the session made (a temporary slot, a backup under way) ends with it, whichever side dies.
 *
 * <p>Threads: a base backup is the job's; each archive has one; each session two more that pass on
 * what the client prints. Files: in the agent's directory {@code postgresql/}, for each archived
 * cluster the order ({@code .server}) and the list of what is archived ({@code .segments}).
 *
 * <p>Tests: {@code LiveFileTest} (what changes while it is read), {@code RestoredClusterTest},
 * {@code ArchiveIndexTest}, {@code NamesOfLogTest}; with real servers the package {@code database}
 * of the module deploy.
 */
package io.holdfast.agent.postgres;
