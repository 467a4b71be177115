"""A corpus that is changed in place again and again, and what its restores take."""

import errno
import os
import shutil
import statistics
import subprocess

from . import corpora, processes, program, trees, warm
from .content import EPOCH, MIB, rng, text
from .holdfast import Holdfast
from .peer import Site
from .processes import await_quiet

_TIMEOUT = 900
_GOAL = 1.3
_PAGE = 8 << 10
_BETWEEN = 5  # generations between two restores on the way


def _rewritten(random, file, at, length):
    """As a file system's blocks that other files have now."""
    data = random.randbytes(length) if random.random() < 0.4 else text(random, length)
    os.pwrite(file, data, at)


def _updated(random, file, at, length):
    """As rows of pages that were updated: some hundred bytes of each."""
    for page in range(at, at + length, _PAGE):
        for _ in range(3):
            row = random.randbytes(random.randrange(20, 200))
            os.pwrite(file, row, page + random.randrange(_PAGE - 200))


# By workload: share of what is data that changes, the shortest and the longest run, and how.
CHANGES = {
    "vm": (0.02, 4 << 10, 64 << 10, _rewritten),
    "db": (0.05, _PAGE, 4 * _PAGE, _updated),
}


def _data(file):
    """Where there is data and not hole: begin and end."""
    size, at = os.fstat(file).st_size, 0
    while at < size:
        try:
            begin = os.lseek(file, at, os.SEEK_DATA)
        except OSError as failure:
            if failure.errno != errno.ENXIO:
                raise
            return
        at = os.lseek(file, begin, os.SEEK_HOLE)
        yield begin, at


def _change(name, tree, generation):
    """Another generation, in place; returns how many bytes were written over."""
    share, shortest, longest, write = CHANGES[name]
    random = rng("aged", name, generation)
    changed = 0
    for path in trees.all_files(tree):
        file = os.open(path, os.O_RDWR)
        try:
            regions = [(begin, end) for begin, end in _data(file) if end - begin >= longest]
            left = int(sum(end - begin for begin, end in regions) * share)
            while regions and left > 0:
                begin, end = random.choices(regions, [end - begin for begin, end in regions])[0]
                length = random.randrange(shortest, longest + 1, shortest)
                at = begin + random.randrange((end - begin - length) // shortest + 1) * shortest
                write(random, file, at, length)
                left, changed = left - length, changed + length
        finally:
            os.close(file)
        moment = (EPOCH + generation * 3600) * 10**9
        os.utime(path, ns=(moment, moment))
    return changed


def measure(options, emit):
    os.makedirs(options.corpora, exist_ok=True)
    for name in options.workloads:
        corpus = corpora.Corpus(corpora.ALL[name], options.corpora, options.scale)
        corpus.make()
        tree = os.path.join(options.work, "tree")
        shutil.rmtree(tree, ignore_errors=True)
        subprocess.run(["cp", "-a", "--sparse=always", corpus.current, tree], check=True)
        peer = Holdfast(Site(options.work, ""))
        try:
            _Aging(peer, name, tree, options, emit).run()
        finally:
            peer.stop()
            if not options.keep:
                left = (os.path.join(options.work, name) for name in ("restored", "warm-up"))
                for path in (tree, peer.repository, peer.state, *left):
                    shutil.rmtree(path, ignore_errors=True)


class _Aging:
    def __init__(self, peer, name, tree, options, emit):
        self._peer, self._name, self._tree = peer, name, tree
        self._options = options
        self._target = peer.site.path("restored")
        self._emit = lambda row: emit({"workload": name, **row})

    def run(self):
        options, peer = self._options, self._peer
        peer.fresh(["h0"])
        os.makedirs(self._target, exist_ok=True)
        peer.warm_up(warm.make(options.work))
        self._back_up(0, 0)
        self._restore(0, "warm-up")
        for _ in range(options.runs):
            self._restore(0, "restore")
        for generation in range(1, options.generations + 1):
            self._back_up(generation, _change(self._name, self._tree, generation))
            if generation == options.generations:
                for _ in range(options.runs):
                    self._restore(generation, "restore")
            elif generation % _BETWEEN == 0:
                self._restore(generation, "restore")

    def _measured(self, commands):
        daemons = self._peer.daemons()
        row = processes.measure(commands, daemons, self._peer.site.log, True, _TIMEOUT)
        row["cpu_after"] = round(await_quiet(daemons.client + daemons.server, self._peer.grace), 3)
        return row

    def _back_up(self, generation, changed):
        before = self._peer.stored()
        row = self._measured(self._peer.backup("h0", "", self._tree))
        row |= {"changed": changed, "grown": self._peer.stored() - before}
        self._emit({"phase": "backup", "generation": generation, **row})
        if "failure" in row:
            raise RuntimeError(f"a backup failed: {row['failure']}")

    def _restore(self, generation, phase):
        shutil.rmtree(self._target)
        os.makedirs(self._target)
        row = self._measured(self._peer.restore("h0", "", self._tree, self._target))
        if "failure" not in row:
            found = trees.differences(self._tree, self._peer.restored(self._target, self._tree))
            if found:
                row["failure"] = "restored wrongly: " + "; ".join(found)[:300]
        self._emit({"phase": phase, "generation": generation, **row})


def _cpu(row):
    return row["cpu_client"] + row["cpu_server"]


def markdown(rows):
    lines, goals = [], []
    for name in dict.fromkeys(row["workload"] for row in rows if "workload" in row):
        walls = {}
        backups = {
            row["generation"]: row
            for row in rows
            if row.get("workload") == name and row["phase"] == "backup"
        }
        for generation, backup in backups.items():
            mine = [
                row
                for row in rows
                if row.get("workload") == name
                and (row["phase"], row["generation"]) == ("restore", generation)
            ]
            if mine:
                walls[generation] = statistics.median(row["wall"] for row in mine)
                lines.append((
                    name, generation, f"{backup['wall']:.2f}", f"{backup['changed'] / MIB:.1f}",
                    f"{backup['grown'] / MIB:.1f}", len(mine), f"{walls[generation]:.2f}",
                    f"{walls[generation] / walls[0]:.2f}",
                    f"{statistics.median(_cpu(row) for row in mine):.1f}",
                    f"{max(row['mib_agent'] for row in mine):.0f}",
                    f"{max(program.others(row) for row in [backup, *mine]):.0%}",
                ))  # fmt: skip
        if len(walls) > 1:
            last = max(walls)
            ratio = walls[last] / walls[0]
            words = f"{name}: restored in {ratio:.2f} of the first time after {last} generations"
            goals.append(program.goal(f"{words} (1.3)", ratio <= _GOAL))
    head = (
        "workload", "generation", "backup s", "changed MiB", "stored MiB", "restores", "restore s",
        "of the first", "CPU s", "peak MiB agent", "others' CPU",
    )  # fmt: skip
    return program.table(head, lines) + "\n\n" + "\n".join(goals)
