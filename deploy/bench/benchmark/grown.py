"""A repository with very many chunks, and what a coordinator on it takes."""

import glob
import json
import os
import shutil
import time

from . import java, processes, report, trees
from .content import MIB, rng
from .holdfast import Holdfast
from .peer import Site, free_port
from .processes import await_quiet, drop_page_cache, peak_mib

_TIMEOUT = 900
_QUESTIONS = 200


class Grown(Holdfast):
    """Holdfast on a repository that stays, with a new host each time."""

    def __init__(self, work):
        super().__init__(Site(work, ""))
        self._tree = self.site.path("tree")

    def open(self):
        if not os.path.isdir(self.repository):
            self.begin()
        self._port = free_port()
        self._write_coordinator()

    def folders(self):
        return self._file("coordinator"), self.repository

    def start_coordinator(self):
        """Returns how many seconds it took to answer."""
        began = time.monotonic()
        self._start_coordinator()
        return time.monotonic() - began

    def _check_connected(self):
        """Hosts of earlier measurements are away for ever."""
        lines = map(json.loads, self._call("host", "ls", "--json").splitlines())
        if not any(line["name"] in self._agents and line["state"] == "connected" for line in lines):
            raise RuntimeError("the agent isn't connected")

    def start_agent(self, host):
        self._enrol(host)
        self._start_agents([host])

    def fresh_tree(self, seed):
        """A small host, unlike every other: 2,000 files of 4 KiB and 64 of 1 MiB, random bytes."""
        random = rng("grown", seed)
        for path in (self._tree, self._target):
            shutil.rmtree(path, ignore_errors=True)
        os.makedirs(self._target)
        for number in range(2_000):
            folder = os.path.join(self._tree, f"small{number // 100:02d}")
            trees.put(os.path.join(folder, f"{number:04d}"), random.blob(4 << 10), random)
        for number in range(64):
            trees.put(os.path.join(self._tree, "large", f"{number:02d}"), random.blob(MIB), random)
        return self._tree

    def stats(self):
        return [self._command("--timeout", "900s", "vault", "stats")]

    def restored_tree(self):
        return self._target


def grow(work, chunks, seconds, emit):
    """Brings the repository to so many chunks; whether it is there now."""
    peer = Grown(work)
    peer.open()
    for line in _index("grow", *peer.folders(), str(chunks), str(seconds)):
        emit({"phase": "grow", **line})
        return line["chunks"] >= chunks
    raise RuntimeError("Index.java printed nothing")


def measure(work, chunks, emit):
    """One number of chunks: start, backups of a new host, restore, then questions."""
    peer = Grown(work)
    peer.open()
    try:
        _daemons(peer, chunks, emit)
    finally:
        peer.stop()
    drop_page_cache()
    for line in _index("query", *peer.folders(), str(_QUESTIONS)):
        emit({"phase": "question", "chunks": chunks, **line})


def mark(work, emit):
    """A tree over nine of ten chunks, and what a sweep's mark takes. No coordinator may run after it."""
    peer = Grown(work)
    peer.open()
    for line in _index("tree", *peer.folders()):
        emit({"phase": "tree", **line})
    drop_page_cache()
    for line in _index("mark", *peer.folders()):
        emit({"phase": "mark", **line})


def _daemons(peer, chunks, emit):
    def phase(name, commands):
        daemons = peer.daemons()
        row = processes.measure(commands, daemons, peer.site.log, True, _TIMEOUT)
        row["cpu_after"] = round(await_quiet(daemons.client + daemons.server, peer.grace), 3)
        row |= {"phase": name, "chunks": chunks}
        if name == "restore" and "failure" not in row:
            found = trees.differences(tree, peer.restored(peer.restored_tree(), tree))
            if found:
                row["failure"] = "restored wrongly: " + "; ".join(found)[:300]
        emit(row)

    host = f"h{int(time.time())}"
    tree = peer.fresh_tree(host)
    for cache in ("cold", "warm"):
        if cache == "cold":
            drop_page_cache()
        seconds = peer.start_coordinator()
        await_quiet(peer.daemons().server, peer.grace)
        server = peer.daemons().server[0]
        size = sum(map(os.path.getsize, glob.glob(os.path.join(peer.folders()[0], "catalog/db/*"))))
        emit({
            "phase": "start", "chunks": chunks, "cache": cache, "wall": round(seconds, 2),
            "mib_server": round(peak_mib(server), 1), "catalog_bytes": size,
        })  # fmt: skip
        if cache == "cold":
            peer.stop()
    peer.start_agent(host)
    phase("first", peer.backup(host, "", tree))
    phase("unchanged", peer.backup(host, "", tree))
    phase("restore", peer.restore(host, "", tree, peer.restored_tree()))
    phase("stats", peer.stats())


def _index(*arguments):
    return java.lines("Index.java", *arguments)


def line(row):
    """One row for whoever watches."""
    if "sitting" in row:
        return report.line(row)
    known = ("phase", "chunks")
    rest = ", ".join(f"{key} {value}" for key, value in row.items() if key not in known)
    return f"{row['chunks']:>12,} {row['phase']:10} {rest}"


def markdown(rows):
    lines = [
        "| chunks | catalog GiB | start s: cold | warm | backup s | unchanged s | restore s | stats s"
        " | µs an id, neighbours: cold | later | scattered: cold | later | absent: cold | later"
        " | coordinator MiB | agent MiB |",
        "|" + "--:|" * 16,
    ]
    for chunks in dict.fromkeys(row["chunks"] for row in rows if row.get("phase") == "first"):
        lines.append(_table_line(chunks, [row for row in rows if row.get("chunks") == chunks]))
    return "\n".join(lines)


def _table_line(chunks, rows):
    def one(key, **wanted):
        found = [row for row in rows if wanted.items() <= row.items()]
        return found[-1][key]

    cells = [f"{chunks:,}", f"{one('catalog_bytes', phase='start') / (1 << 30):.2f}"]
    cells += [f"{one('wall', phase='start', cache=cache):.1f}" for cache in ("cold", "warm")]
    cells += [f"{one('wall', phase=phase):.2f}" for phase in ("first", "unchanged", "restore", "stats")]
    cells += [
        f"{one('us_an_id', ids=ids, cache=cache):.0f}"
        for ids in ("neighbours", "scattered", "absent")
        for cache in ("cold", "after that")
    ]
    for key in ("mib_server", "mib_agent"):
        cells.append(f"{max(row[key] for row in rows if key in row):.0f}")
    return "| " + " | ".join(cells) + " |"
