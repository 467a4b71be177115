"""A day of a database in some minutes, by Holdfast and by peers; and back to a second of it."""

import json
import os
import shutil
import statistics
import time

from . import peers, postgres, processes, program
from .content import MIB
from .holdfast import Holdfast
from .peer import Site
from .processes import await_quiet

_HOST = "db"
_TIMEOUT = 900
_CLIENTS = 4
_ARCHIVED_WITHIN = 120
_GROWTH_GOAL = 1.3
_PEERS = {"restic": peers.Restic, "borg": peers.Borg}


class _Holdfast(Holdfast):
    agent_settings = "postgres:\n  archive_every: 5s\n"

    def base(self, server):
        return [
            self._command(
                "postgres", "backup", _HOST, "--server", server.sockets, "--archive-log", "--fast"
            )
        ]

    def snapshots(self, archives):
        """Id and time of base backups or of archives, oldest first."""
        rows = map(json.loads, self._call("snapshot", "ls", _HOST, "--json").splitlines())
        return [
            (row["snapshot"], row["time"])
            for row in rows
            if row["sources"][0].endswith(" archive") == archives
        ]

    def back(self, snapshot, place):
        return self._command("restore", snapshot, "--to", f"{_HOST}:{place}")

    def prepare(self, place, second):
        return self._command("postgres", "prepare", place, "--to-time", second)

    def place(self, name):
        postgres.open_to_all(self._target)
        return postgres.open_to_all(os.path.join(self._target, name))


def measure(options, emit):
    postgres.open_to_all(options.work)
    for left in ("pg", "holdfast", *_PEERS):  # by --keep; what was restored there is in the way
        shutil.rmtree(os.path.join(options.work, left), ignore_errors=True)
    root = postgres.open_to_all(os.path.join(options.work, "pg"))
    sites = {
        name: Site(postgres.open_to_all(os.path.join(options.work, name)), options.system)
        for name in ("holdfast", *options.peers)
    }
    server = postgres.Server(
        sites["holdfast"], os.path.join(root, "source", "data"), os.path.join(root, "s")
    )
    programs = {"holdfast": _Holdfast(sites["holdfast"])}
    programs |= {name: _PEERS[name](sites[name]) for name in options.peers}
    try:
        _Day(options, emit, root, server, programs).run()
    finally:
        for each in programs.values():
            each.stop()
        server.stop()
        if not options.keep:
            for name in ("pg", *programs):
                shutil.rmtree(os.path.join(options.work, name), ignore_errors=True)


class _Day:
    def __init__(self, options, emit, root, server, programs):
        self._options, self._emit, self._root = options, emit, root
        self._server, self._programs = server, programs
        self._holdfast = programs["holdfast"]
        self._source = os.path.dirname(server.data)

    def run(self):
        options = self._options
        self._begin()
        self._back_up(0)
        first = self._log_bytes()
        chosen = max(1, options.hours * 5 // 6)
        for hour in range(1, options.hours + 1):
            second = self._load(half_way=self._second if hour == chosen else None) or None
            if second:
                self._second_chosen = second
            self._back_up(hour)
        wal = self._log_bytes() - first
        changed = self._server.query("SELECT count(*) FROM pgbench_history")
        size = self._server.query("SELECT pg_database_size('postgres')")
        self._emit({
            "phase": "day", "wal_bytes": wal, "transactions": int(changed),
            "database_bytes": int(size), "hours": options.hours,
        })  # fmt: skip
        self._await_archive()
        self._restore_bases()
        self._restore_to_second()
        for name in options.peers:
            self._restore_peer(name)

    def _begin(self):
        postgres.open_to_all(self._source)
        archive = os.path.join(self._source, "wal") if self._options.peers else None
        archiving = {}
        if archive:
            archiving = {"archive_mode": "on", "archive_command": f"cp %p {archive}/%f"}
        self._server.initialise(archive)
        self._server.start(**archiving)
        self._server.query("CREATE ROLE holdfast LOGIN REPLICATION")
        self._server.query("GRANT pg_read_all_settings TO holdfast")
        self._server.query(
            "GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean)"
            " TO holdfast"
        )
        self._server.ask("pgbench", "-i", "-q", "-s", str(self._options.pg_scale), "postgres")
        self._server.query("CHECKPOINT")
        for each in self._programs.values():
            each.fresh([_HOST])
        self._stored = {name: each.stored() for name, each in self._programs.items()}

    def _load(self, half_way):
        """An hour: so many seconds of pgbench; in the middle of it something else."""
        options = self._options
        load = self._server.launch(
            "pgbench", "-n", "-c", str(_CLIENTS), "-R", str(options.rate),
            "-T", str(options.seconds), "postgres",
        )  # fmt: skip
        found = None
        if half_way:
            time.sleep(options.seconds / 2)
            found = half_way()
        if load.wait():
            raise RuntimeError("pgbench failed: see the log")
        return found

    def _log_bytes(self):
        """Written so far, without what fills a file's rest where it is closed early."""
        return int(self._server.query("SELECT wal_bytes FROM pg_stat_wal"))

    def _second(self):
        """A whole second of which everything has happened."""
        return self._server.query(
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
        )

    # ---- backups

    def _back_up(self, hour):
        self._measured("holdfast", hour, self._holdfast.base(self._server))
        if not self._options.peers:
            return
        # As a person would who has only a program for files: the server told, and then told again.
        session = self._server.session()
        _say(session, "SELECT pg_backup_start('peer', true);")
        for name in self._options.peers:
            commands = self._programs[name].backup(_HOST, f"run{hour}", self._source)
            for command in commands:
                _exclude(name, command.argv, self._source)
            self._measured(name, hour, commands)
        _say(session, "SELECT count(*) FROM pg_backup_stop(true);")
        session.stdin.close()
        session.wait()

    def _measured(self, name, hour, commands):
        each = self._programs[name]
        row = self._phase(each, commands, cold=hour == 0)
        stored = each.stored()
        row |= {"stored": stored, "grown": stored - self._stored[name]}
        self._stored[name] = stored
        self._emit({"phase": "backup", "program": name, "hour": hour, **row})
        if "failure" in row and hour == 0:
            raise RuntimeError(f"{name}: {row['failure']}")

    def _phase(self, each, commands, cold):
        daemons = each.daemons()
        row = processes.measure(commands, daemons, each.site.log, cold, _TIMEOUT)
        row["cpu_after"] = round(await_quiet(daemons.client + daemons.server, each.grace), 3)
        return row

    def _await_archive(self):
        """Until the log of the whole day is archived."""
        begun = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
        deadline = time.monotonic() + _ARCHIVED_WITHIN
        while not any(at > begun for _, at in self._holdfast.snapshots(archives=True)):
            if time.monotonic() > deadline:
                raise RuntimeError("the log isn't archived")
            self._server.query("SELECT pg_logical_emit_message(true, 'benchmark', 'wake')")
            time.sleep(1)
        archived = self._holdfast.stored()
        self._emit({
            "phase": "archived", "program": "holdfast", "hour": "end", "stored": archived,
            "grown": archived - self._stored["holdfast"],
        })  # fmt: skip

    # ---- restores

    def _restore_bases(self):
        """The first base backup and the last, twice each; the first time of all doesn't count."""
        bases = self._holdfast.snapshots(archives=False)
        for number, (name, (snapshot, _)) in enumerate(
            [("warm-up", bases[-1]), *[("first", bases[0]), ("last", bases[-1])] * 2]
        ):
            place = self._holdfast.place(f"base{number}")
            row = self._phase(self._holdfast, [self._holdfast.back(snapshot, place)], cold=True)
            phase = "warm-up" if name == "warm-up" else "restore"
            self._emit({"phase": phase, "program": "holdfast", "base": name, **row})
            shutil.rmtree(place)

    def _restore_to_second(self):
        second = self._second_chosen
        base = [(each, at) for each, at in self._holdfast.snapshots(archives=False) if at < second]
        archive = self._holdfast.snapshots(archives=True)[-1][0]
        place = self._holdfast.place("second")
        cluster = os.path.join(place, "postgresql", self._server.sockets.lstrip("/"), "5432")
        commands = [
            self._holdfast.back(base[-1][0], place),
            self._holdfast.back(archive, place),
            self._holdfast.prepare(cluster, second),
        ]
        row = self._phase(self._holdfast, commands, cold=True)
        copy = postgres.Server(
            self._holdfast.site, os.path.join(cluster, "data"), os.path.join(self._root, "copy")
        )
        if "failure" not in row:
            began = time.monotonic()
            copy.start(archive_mode="off")
            row["replay"] = round(time.monotonic() - began, 2)
            try:
                row |= self._checked(copy, second)
            finally:
                copy.stop()
        self._emit({"phase": "second", "program": "holdfast", "to": second, **row})

    def _checked(self, copy, second):
        count = "SELECT count(*) || ' ' || coalesce(sum(delta), 0) FROM pgbench_history"
        expected = self._server.query(
            f"{count} WHERE pg_xact_commit_timestamp(xmin) <= '{second}'"
        )
        found = copy.query(count)
        if found != expected:
            return {"failure": f"the ledger has {found}, and had {expected}"}
        if copy.query(postgres.LEDGER) != "t":
            return {"failure": "the ledger's sums differ"}
        copy.ask("pg_amcheck", "--install-missing", "--heapallindexed", "postgres")
        return {"transactions": int(found.split()[0])}

    def _restore_peer(self, name):
        each = self._programs[name]
        target = postgres.open_to_all(os.path.join(self._root, f"restored-{name}"))
        commands = each.restore(_HOST, f"run{self._options.hours}", self._source, target)
        row = self._phase(each, commands, cold=True)
        self._emit({"phase": "restore", "program": name, "base": "last, with its log", **row})
        shutil.rmtree(target)


def _say(session, sql):
    """Runs a statement in the session, which answers one line."""
    session.stdin.write(sql + "\n")
    session.stdin.flush()
    if not session.stdout.readline():
        raise RuntimeError("the server's session ended: see its log")


def _exclude(name, argv, source):
    """The log's own directory is none of what is copied, as PostgreSQL's manual says."""
    if name == "restic":
        for left in ("pg_wal", "postmaster.pid"):
            argv += ["--exclude", os.path.join(source, "data", left)]
    else:
        at = argv.index("create") + 1
        argv[at:at] = ["--exclude", "data/pg_wal", "--exclude", "data/postmaster.pid"]


# ---------------------------------------------------------------- what is printed


def markdown(rows):
    day = next((row for row in rows if row.get("phase") == "day"), None)
    lines = []
    for name in dict.fromkeys(row["program"] for row in rows if "program" in row):
        backups = [row for row in rows if row.get("phase") == "backup" and row["program"] == name]
        hours = [row for row in backups if row["hour"]]
        if not hours:
            continue
        grown = sum(row["grown"] for row in rows if row.get("program") == name and row.get("hour"))
        lines.append((
            name,
            f"{backups[0]['wall']:.1f}",
            f"{backups[0]['grown'] / MIB:.1f}",
            f"{statistics.median(row['wall'] for row in hours):.2f}",
            f"{max(row['wall'] for row in hours):.2f}",
            f"{statistics.median(row['cpu_client'] + row['cpu_server'] for row in hours):.1f}",
            f"{max(row['mib_client'] for row in backups):.0f}",
            f"{grown / MIB:.1f}",
            f"{grown / day['wal_bytes']:.2f}" if day else "",
            f"{max(program.others(row) for row in backups):.0%}",
        ))  # fmt: skip
    head = (
        "program", "first s", "stored MiB", "an hour's p50 s", "max s", "CPU s p50",
        "peak MiB client", "MiB a day", "of the log's bytes", "others' CPU",
    )  # fmt: skip
    parts = [program.table(head, lines)]
    if day:
        parts.append(
            f"A day of {day['hours']} hours: {day['transactions']:,} transactions,"
            f" {day['wal_bytes'] / MIB:.1f} MiB of log; the database has"
            f" {day['database_bytes'] / MIB:.0f} MiB at its end."
        )
    parts.append(_restores(rows))
    return "\n\n".join(parts)


def _restores(rows):
    lines = []
    restores = [row for row in rows if row.get("phase") == "restore" and "failure" not in row]
    cases = dict.fromkeys((row["program"], row["base"]) for row in restores)
    walls = {}
    for name, base in cases:
        mine = [row for row in restores if (row["program"], row["base"]) == (name, base)]
        walls[base] = min(row["wall"] for row in mine)
        lines.append((f"{name}: {base}", len(mine), f"{walls[base]:.2f}", ""))
    for row in rows:
        if row.get("phase") == "second" and "replay" in row:
            lines.append((
                f"{row['program']}: to {row['to']}, {row.get('transactions', '?')} transactions",
                1, f"{row['wall']:.2f}", f"{row['replay']:.2f}",
            ))  # fmt: skip
    shown = program.table(("restore", "n", "best s", "until the server answers s"), lines)
    if "first" in walls and "last" in walls:
        ratio = walls["last"] / walls["first"]
        words = f"the last base backup comes back in {ratio:.2f} of the first one's time (1.3)"
        shown += "\n\n" + program.goal(words, ratio <= _GROWTH_GOAL)
    return shown
