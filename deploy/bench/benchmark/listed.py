"""An empty catalog and a large one: starts, questions, commits."""

import glob
import json
import os
import shutil
import statistics

from . import java, processes, program, trees
from .content import rng
from .grown import Grown
from .processes import await_quiet, drop_page_cache, peak_mib
from .simulated import Fleet

_TIMEOUT = 900
_BROWSED = "browsed"
_FOLDER = 1_000  # entries of the folder that is listed
_AGENTS_A_PROCESS = 5_000
_ANSWER_GOAL_MS, _SLOWER_GOAL = 200, 1.20


class _Catalog(Grown):
    def socket(self):
        return self._socket

    def browsed_tree(self):
        """2,000 files in 20 folders, and one folder of a thousand."""
        random = rng("listed")
        base = self.site.path("browsed")
        shutil.rmtree(base, ignore_errors=True)
        for number in range(2_000):
            path = os.path.join(base, f"small{number // 100:02d}", f"{number:04d}")
            trees.put(path, random.blob(1_000), random)
        for number in range(_FOLDER):
            trees.put(os.path.join(base, "wide", f"{number:04d}.txt"), random.blob(100), random)
        return base

    def snapshot(self):
        """The id of the one snapshot that there is."""
        return json.loads(self._call("snapshot", "ls", "--json"))["snapshot"]

    def small_tree(self):
        base = self.site.path("small")
        shutil.rmtree(base, ignore_errors=True)
        for number in range(20):
            trees.put(os.path.join(base, f"{number:02d}"), rng(number).blob(4_096), rng(number))
        return base


def measure(options, emit):
    for case in ("empty", "large"):
        work = os.path.join(options.work, case)
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        peer = _Catalog(work)
        try:
            _Case(peer, case, options, emit).run()
        finally:
            peer.stop()
            if not options.keep:
                shutil.rmtree(work, ignore_errors=True)


class _Case:
    def __init__(self, peer, case, options, emit):
        self._peer, self._case, self._options = peer, case, options
        self._emit = lambda row: emit({"case": case, **row})

    def run(self):
        peer = self._peer
        peer.open()
        tree = peer.browsed_tree()
        peer.start_coordinator()
        peer.start_agent(_BROWSED)
        row = self._measured(peer.backup(_BROWSED, "", tree))
        if "failure" in row:
            raise RuntimeError(row["failure"])
        self._snapshot = peer.snapshot()  # others of its root can be listed, and not opened
        if self._case == "large":
            self._enrol()
            peer.stop()
            self._fill()
        peer.stop()
        self._starts()
        peer.start_agent("new")
        self._back_ups()
        self._commits()
        self._questions(os.path.join(tree, "wide").lstrip("/"))

    # ---- what is there

    def _enrol(self):
        folder = self._peer.site.path("fleet")
        fleet = Fleet(self._peer, self._options.hosts - 1, folder, _AGENTS_A_PROCESS)
        fleet.start("")
        fleet.await_all("enrolled", _TIMEOUT)
        fleet.stop()

    def _fill(self):
        folders = self._peer.folders()
        for what, *arguments in (
            ("snapshots", self._options.snapshots),
            ("grow", self._options.chunks, 2 * 3600),
        ):
            for line in java.lines("Index.java", what, *folders, *arguments):
                self._emit({"phase": what, **line})

    # ---- what is measured

    def _measured(self, commands):
        daemons = self._peer.daemons()
        row = processes.measure(commands, daemons, self._peer.site.log, True, _TIMEOUT)
        row["cpu_after"] = round(await_quiet(daemons.client + daemons.server, self._peer.grace), 3)
        return row

    def _starts(self):
        peer = self._peer
        for cache in ("cold", "warm"):
            if cache == "cold":
                drop_page_cache()
            seconds = peer.start_coordinator()
            server = peer.daemons().server
            await_quiet(server, peer.grace)
            files = glob.glob(os.path.join(peer.folders()[0], "catalog/db/*"))
            self._emit({
                "phase": "start", "cache": cache, "wall": round(seconds, 2),
                "mib_server": round(peak_mib(server[0]), 1),
                "catalog_bytes": sum(map(os.path.getsize, files)),
            })  # fmt: skip
            if cache == "cold":
                peer.stop()

    def _back_ups(self):
        """Of new files each time; the first one, by a young agent, doesn't count."""
        for number in range(self._options.backups + 1):
            tree = self._peer.fresh_tree(f"listed-{number}")
            row = self._measured(self._peer.backup("new", "", tree))
            self._emit({"phase": "warm-up" if number == 0 else "backup", **row})

    def _commits(self):
        tree = self._peer.small_tree()
        for cache in ("cold", "warm"):
            if cache == "cold":
                drop_page_cache()
            runs = self._options.rounds // 2
            for line in self._ask("backups", "new", tree, runs):
                self._emit({"phase": "commit", "cache": cache, **line})

    def _questions(self, folder):
        drop_page_cache()
        asked = ("questions", self._options.rounds, self._snapshot, folder)
        for line in self._ask(*asked):
            self._emit({"phase": "question", **line})
        server = self._peer.daemons().server[0]
        self._emit({"phase": "end", "mib_server": round(peak_mib(server), 1)})

    def _ask(self, what, *arguments):
        socket = self._peer.socket()
        return java.lines("Ask.java", what, socket, *arguments, options=java.ASKER)


# ---------------------------------------------------------------- what is printed


def markdown(rows):
    measured = _Measured(rows)
    lines, goals = [], []
    for row in rows:
        if row.get("phase") in ("snapshots", "grow"):
            key = "snapshots" if row["phase"] == "snapshots" else "chunks"
            goals.append(f"- the large one: {row[key]:,} {key}, made in {row['seconds']:.0f} s")
    for cache in ("cold", "warm"):
        lines.append(measured.line(f"start, {cache}, s", "wall", phase="start", cache=cache))
    lines.append(measured.line("catalog, MiB", "catalog_bytes", 2**20, phase="start", cache="cold"))
    backup = measured.line("backup of 2,064 new files, 72 MiB, s", "wall", phase="backup")
    commits = [
        measured.line(f"small backup, {cache}, {key}, ms", f"{key}_ms", phase="commit", cache=cache)
        for cache in ("cold", "warm")
        for key in ("median", "max")
    ]
    lines += [backup, *commits]
    for row in dict.fromkeys(row["question"] for row in rows if row.get("phase") == "question"):
        for key in ("first", "median", "max"):
            lines.append(measured.line(f"{row}: {key}, ms", f"{key}_ms", question=row))
    for key, phase in (("mib_server", "start"), ("mib_server", "end")):
        lines.append(measured.line(f"coordinator's peak MiB, {phase}", key, phase=phase))
    for name, line in (("a backup", backup), ("a small backup, warm, median", commits[2])):
        if line and line[3] != "":
            goals.append(
                program.goal(
                    f"{name} on the large catalog {line[3]} times that on an empty one (1.20)",
                    float(line[3]) <= _SLOWER_GOAL,
                )
            )
    for row in rows:
        if row.get("phase") == "question" and row["case"] == "large":
            goals.append(
                program.goal(
                    f"{row['question']} ({row['items']:,} items): p50 {row['median_ms']} ms, at most"
                    f" {row['max_ms']} ms (200 ms)",
                    row["max_ms"] < _ANSWER_GOAL_MS,
                )
            )
    head = ("", "empty", "large", "ratio")
    shown = program.table(head, [line for line in lines if line])
    return f"{shown}\n\n" + "\n".join(goals)


class _Measured:
    def __init__(self, rows):
        self._rows = rows

    def line(self, name, key, unit=1, **wanted):
        """Medians of both cases, and how many times the large one's is the other's."""
        values = []
        for case in ("empty", "large"):
            found = [
                row[key] / unit
                for row in self._rows
                if key in row and {"case": case, **wanted}.items() <= row.items()
            ]
            values.append(statistics.median(found) if found else None)
        if values == [None, None]:
            return None
        ratio = f"{values[1] / values[0]:.2f}" if None not in values and values[0] else ""
        return (name, *("" if value is None else f"{value:.2f}" for value in values), ratio)
