"""A repository most of which became garbage, swept while others back up."""

import json
import os
import shutil
import statistics
import time

from . import java, processes, program, trees
from .content import MIB, rng
from .holdfast import Holdfast
from .peer import Site
from .processes import Command, await_quiet, end, start

_FILE = 2 * MIB
_SMALL = 16 << 10
_DAY_HOURS = 26  # more than the shortest retention.undo
_TIMEOUT = 1_800
_SHARE_GOAL, _RECLAIMED_GOAL = 0.80, 0.95


class Swept(Holdfast):
    """Founded and filled by a coordinator whose clock is behind: no day has to be awaited."""

    def __init__(self, work, rate):
        super().__init__(Site(work, ""))
        self.coordinator_settings = (
            "retention:\n  undo: 1d\n"
            "gc:\n  enabled: false\n  quarantine: 0s\n  free_without_approval: 1 PiB\n"
            f"  rewrite_rate: {rate}\n"
        )

    def found_yesterday(self):
        passphrase = self._prepare()
        run = java.command(
            "Earlier.java", _DAY_HOURS, self._file("coordinator.yaml"), passphrase
        )
        self._coordinator = self.site.start(run)
        self.processes.append(self._coordinator)
        self._await(self._coordinator, lambda: self._call("status", "--json"))

    def join(self, hosts):
        for host in hosts:
            self._enrol(host)
        self._start_agents(hosts)

    def today(self):
        """The launcher's own coordinator, by the machine's own clock."""
        hosts = list(self._agents)
        self.stop()
        self._start_coordinator()
        self._call("clock", "confirm", "--yes")
        self._start_agents(hosts)

    def call(self, *arguments):
        return self._call(*arguments)

    def forget(self, snapshot):
        self._call("retention", "run")
        left = [
            json.loads(line)
            for deleted in ([], ["--deleted"])
            for line in self._call("snapshot", "ls", *deleted, "--json").splitlines()
        ]
        if any(row["snapshot"] == snapshot for row in left):
            raise RuntimeError(f"snapshot {snapshot} was not forgotten")

    def newest(self, host):
        rows = [
            json.loads(line) for line in self._call("snapshot", "ls", host, "--json").splitlines()
        ]
        return rows[-1]["snapshot"]

    def pack_bytes(self):
        total = 0
        for folder, _, names in os.walk(os.path.join(self.repository, "packs")):
            for name in names:
                try:
                    total += os.lstat(os.path.join(folder, name)).st_size
                except FileNotFoundError:
                    pass
        return total

    def socket(self):
        return self._socket

    def target(self):
        os.makedirs(self._target, exist_ok=True)
        return self._target


def measure(options, emit):
    peer = Swept(options.work, options.rewrite_rate)
    base = os.path.join(options.work, "trees")
    shutil.rmtree(base, ignore_errors=True)
    try:
        _Sweep(peer, base, options, emit).run()
    finally:
        peer.stop()
        if not options.keep:
            for path in (base, peer.repository, peer.state, peer.target()):
                shutil.rmtree(path, ignore_errors=True)


class _Sweep:
    def __init__(self, peer, base, options, emit):
        self._peer, self._base, self._options, self._emit = peer, base, options, emit
        self._old = os.path.join(base, "old")
        self._backed_up = 0  # trees of the busy host

    def run(self):
        peer = self._peer
        kept, gone = self._make_old()
        peer.found_yesterday()
        peer.join(["old", "busy"])
        self._fill(kept, gone)
        peer.today()
        self._settle()
        for number in range(3 * self._options.backups):
            self._make_tree(number)
        self._warm_up()
        garbage = sum(size for _, size in gone)
        self._emit({
            "phase": "before", "vault": peer.stored(), "packs": peer.pack_bytes(),
            "garbage": garbage, "live": sum(size for _, size in kept),
        })  # fmt: skip
        for _ in range(self._options.backups):
            self._back_up("alone")
        self._peer.forget(self._first)
        sweeps = _Sweeps(peer)
        try:
            sweeps.await_phase(("condemning", "rewriting"))
            for _ in range(self._options.backups):
                self._back_up("beside rewriting", sweeps)
            sweeps.await_sweeps(1)
            for _ in range(self._options.backups):
                self._back_up("beside deletion and marks", sweeps)
            sweeps.await_end()
        finally:
            sweeps.stop()
        for row in sweeps.rows():
            if not _is_idle(row):
                self._emit({"phase": "sweep", **row})
        self._count(kept, garbage)
        self._restore()

    # ---- what is there

    def _make_old(self):
        """A fifth of the bytes goes folder by folder, of the rest every second file."""
        count = max(20, int(self._options.gib * 1024 * MIB / _FILE))
        kept, gone = [], []
        for number in range(count):
            random = rng("swept", number)
            whole = number < count // 5
            folder = "whole" if whole else "mixed"
            path = os.path.join(self._old, folder, f"{number // 100:03d}", f"{number:06d}.bin")
            trees.put(path, random.blob(_FILE), random)
            (gone if whole or number % 2 else kept).append((path, _FILE))
        return kept, gone

    def _fill(self, kept, gone):
        peer = self._peer
        self._must(peer.backup("old", "", self._old))
        self._first = peer.newest("old")
        for path, _ in gone:
            os.unlink(path)
        self._must(peer.backup("old", "", self._old))
        peer.call("snapshot", "delete", self._first, "--yes")
        peer.call("catalog", "checkpoint")

    def _must(self, commands):
        row = processes.measure(
            commands, self._peer.daemons(), self._peer.site.log, False, _TIMEOUT
        )
        if "failure" in row:
            raise RuntimeError(row["failure"])
        return row

    def _tree(self, number):
        return os.path.join(self._base, f"busy{number:02d}")

    def _make_tree(self, number):
        """Random bytes, unlike those of any other: files of 2 MiB, and a tenth in small ones."""
        random = rng("swept", "busy", number)
        size = self._options.backup_mib * MIB
        for which in range(max(1, size * 9 // 10 // _FILE)):
            path = os.path.join(self._tree(number), "large", f"{which:04d}")
            trees.put(path, random.blob(_FILE), random)
        for which in range(size // 10 // _SMALL):
            path = os.path.join(self._tree(number), f"small{which // 100:02d}", f"{which:05d}")
            trees.put(path, random.blob(_SMALL), random)

    def _warm_up(self):
        """Neither daemon is young in any case that is compared."""
        tree = os.path.join(self._base, "warm-up")
        for which in range(64):
            trees.put(os.path.join(tree, str(which)), rng("warm", which).blob(4 * MIB), rng(which))
        self._must(self._peer.backup("busy", "", tree))
        self._warm = trees.tree_size(tree)[1]
        self._settle()

    def _settle(self):
        daemons = self._peer.daemons()
        await_quiet(daemons.client + daemons.server, self._peer.grace)

    # ---- what is measured

    def _back_up(self, case, sweeps=None):
        tree = self._tree(self._backed_up)
        self._backed_up += 1
        began = time.time()
        row = processes.measure(
            self._peer.backup("busy", "", tree),
            self._peer.daemons(),
            self._peer.site.log,
            False,
            _TIMEOUT,
        )
        row["bytes"] = trees.tree_size(tree)[1]
        if sweeps:
            row["sweep_phases"] = sweeps.phases(began, time.time())
        else:
            self._settle()  # proofs of what was stored
        self._emit({"phase": "backup", "case": case, **row})

    def _count(self, kept, garbage):
        self._settle()
        busy = sum(trees.tree_size(self._tree(number))[1] for number in range(self._backed_up))
        live = sum(size for _, size in kept) + busy + self._warm
        packs = self._peer.pack_bytes()
        self._emit({
            "phase": "after", "vault": self._peer.stored(), "packs": packs, "live": live,
            "garbage": garbage, "reclaimed": round(1 - max(0, packs - live) / garbage, 4),
        })  # fmt: skip

    def _restore(self):
        """What was kept, out of packs that were rewritten."""
        peer = self._peer
        row = self._must(peer.restore("old", "", self._old, peer.target()))
        found = trees.differences(self._old, peer.restored(peer.target(), self._old))
        if found:
            row["failure"] = "restored wrongly: " + "; ".join(found)[:300]
        self._emit({"phase": "restore", **row})


def _is_idle(row):
    return not (row["condemned_bytes"] or row["rewritten_packs"] or row["deleted_packs"])


class _Sweeps:
    """Sweeps, one after another, asked for by a process of its own."""

    def __init__(self, peer):
        self._path = peer.site.path("sweeps.jsonl")
        self._enough = peer.site.path("enough")
        if os.path.exists(self._enough):
            os.remove(self._enough)
        run = java.command("Ask.java", "sweeps", peer.socket(), self._enough, options=java.ASKER)
        with open(self._path, "w") as output:
            self._process = start(Command(run.argv, run.env), peer.site.log, output)
        peer.processes.append(self._process)
        self._peer = peer

    def _lines(self):
        with open(self._path) as file:
            return [json.loads(line) for line in file if line.startswith("{") and line[-1] == "\n"]

    def rows(self):
        """Of the sweeps that have ended."""
        return [line for line in self._lines() if "sweep" in line]

    def _await(self, condition):
        deadline = time.monotonic() + _TIMEOUT
        while not condition():
            if self._process.poll() is not None:
                if condition():
                    return
                raise RuntimeError(f"Ask.java sweeps ended with code {self._process.returncode}")
            if time.monotonic() > deadline:
                raise RuntimeError("the sweeps take too long")
            time.sleep(0.05)

    def await_phase(self, phases):
        self._await(lambda: any(line.get("sweep_phase") in phases for line in self._lines()))

    def await_sweeps(self, count):
        self._await(lambda: len(self.rows()) >= count)

    def await_end(self):
        """Lets them go on until there is nothing left to do."""
        open(self._enough, "w").close()
        self._await(lambda: self._process.poll() == 0)

    def phases(self, began, ended):
        """What sweeps were at in that time."""
        found, current = [], "between"
        for line in self._lines():
            phase = line.get("sweep_phase", "between")
            if line["at"] <= began:
                current = phase
            elif line["at"] <= ended:
                found.append(phase)
        return sorted({current, *found})

    def stop(self):
        end(self._process)
        self._peer.processes.remove(self._process)


# ---------------------------------------------------------------- what is printed


def markdown(rows):
    cases = dict.fromkeys(row["case"] for row in rows if row.get("phase") == "backup")
    lines, rates = [], {}
    for case in cases:
        mine = [row for row in rows if row.get("case") == case]
        rates[case] = sum(row["bytes"] for row in mine) / sum(row["wall"] for row in mine) / MIB
        lines.append((
            case,
            len(mine),
            f"{statistics.median(row['wall'] for row in mine):.2f}",
            f"{rates[case]:.1f}",
            f"{rates[case] / rates[next(iter(cases))]:.2f}",
            f"{sum(row['cpu_client'] for row in mine):.1f}",
            f"{sum(row['cpu_server'] for row in mine):.1f}",
            f"{max(row['mib_server'] for row in mine):.0f}",
            f"{max(program.others(row) for row in mine):.0%}",
            ", ".join(sorted({phase for row in mine for phase in row.get("sweep_phases", ())})),
        ))  # fmt: skip
    head = (
        "backups", "n", "wall s", "MiB/s", "of alone", "CPU s agent", "CPU s coordinator",
        "peak MiB coordinator", "others' CPU", "sweeps were",
    )  # fmt: skip
    parts = [program.table(head, lines)] if lines else []
    sweeps = [row for row in rows if row.get("phase") == "sweep"]
    if sweeps:
        keys = ("seconds", "references", "condemned_bytes", "rewritten_packs", "deleted_packs")
        head = ("sweep", "seconds", "references", "condemned MiB", "packs rewritten", "deleted")
        parts.append(program.table(head, [
            (number, *(_in_mib(key, row[key]) for key in keys))
            for number, row in enumerate(sweeps, 1)
        ]))  # fmt: skip
    states = [row for row in rows if row.get("phase") in ("before", "after")]
    if states:
        head = ("vault", "MiB in all", "MiB in packs", "MiB live", "MiB garbage at first")
        keys = ("vault", "packs", "live", "garbage")
        parts.append(program.table(head, [
            (row["phase"], *(f"{row[key] / MIB:.1f}" for key in keys)) for row in states
        ]))  # fmt: skip
    parts.append("\n".join(_goals(rates, rows)))
    return "\n\n".join(parts)


def _in_mib(key, value):
    return f"{value / MIB:.1f}" if key.endswith("_bytes") else value


def _goals(rates, rows):
    for case, rate in list(rates.items())[1:]:
        share = rate / rates["alone"]
        yield program.goal(
            f"backups {case} at {share:.0%} of their throughput alone (80 %)", share >= _SHARE_GOAL
        )
    for row in rows:
        if "reclaimed" in row:
            yield program.goal(
                f"{row['reclaimed']:.1%} of the garbage's bytes reclaimed (95 %)",
                row["reclaimed"] >= _RECLAIMED_GOAL,
            )
