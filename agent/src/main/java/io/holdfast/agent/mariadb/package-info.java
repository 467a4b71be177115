/**
 * MariaDB servers of this host as sources: what the server's own tools write, as one file.
 *
 * <p>Owns which tool is run with which arguments ({@link io.holdfast.agent.mariadb.MariaDbDump}),
 * and that its output is whole only if it ended well ({@code ToolOutput}). A physical backup is the
 * stream of {@code mariadb-backup}, a dump the statements of {@code mariadb-dump}; both are read
 * once, cut by content, and never laid down on the host's disk.
 *
 * <p>Must never: pass a password as an argument or a variable (it stays in an option file that its
 * owner alone may read); run a shell.
 *
 * <p>Threads: the job's, and two that pass on what the tool prints. Tests: {@code ToolOutputTest},
 * with real servers the package {@code database} of the module deploy.
 */
package io.holdfast.agent.mariadb;
