"""Several hosts, each with files of its own, restored one alone and all at once."""

import json
import os
import shutil
import statistics
import tempfile
from concurrent.futures import ProcessPoolExecutor

from . import java, processes, program, trees
from .content import MIB, log_lines, lognorm, media, office, rng, table, text
from .holdfast import Holdfast
from .peer import Site
from .processes import await_quiet

_TIMEOUT = 900
_GOAL = 0.90
# Of the bytes of a host, as in the workload `mixed`.
_SHARES = (("src", 0.20), ("log", 0.25), ("media", 0.30), ("office", 0.10), ("table", 0.15))


class _Fleet(Holdfast):
    def __init__(self, work, target):
        super().__init__(Site(work, ""))
        self._target = target

    def socket(self):
        return self._socket


def _make_host(job):
    root, size = job
    random = rng("restores", os.path.basename(root))
    for kind, share in _SHARES:
        made = number = 0
        while made < size * share:
            data = _content(random, kind, size)
            path = os.path.join(root, kind, f"{number // 50:02d}", f"{number:05d}")
            trees.put(path, data, random)
            made, number = made + len(data), number + 1
    trees.stamp_dirs(root)


def _content(random, kind, size):
    match kind:
        case "src":
            return text(random, lognorm(random, 5200, 1.1, 60, 400_000))
        case "log":
            return log_lines(random, lognorm(random, size // 40, 0.9, 20_000, 40 * MIB), "json")
        case "media":
            return media(random, lognorm(random, 1.2 * MIB, 1.3, 30_000, max(MIB, size // 8)))
        case "office":
            return office(random, lognorm(random, 300_000, 0.9, 8_000, 5 * MIB))
        case "table":
            return table(random, lognorm(random, size // 50, 1, 50_000, 30 * MIB))


def measure(options, emit):
    base = os.path.join(options.work, "trees")
    shutil.rmtree(base, ignore_errors=True)
    target = tempfile.mkdtemp(prefix="holdfast-restores-", dir=options.target)
    peer = _Fleet(options.work, target)
    hosts = {f"h{number}": os.path.join(base, f"h{number}") for number in range(options.hosts)}
    try:
        with ProcessPoolExecutor() as pool:
            jobs = [(root, options.mib * MIB) for root in hosts.values()]
            list(pool.map(_make_host, jobs))
        peer.fresh(list(hosts))
        _measure(peer, hosts, target, options.runs, emit)
    finally:
        peer.stop()
        shutil.rmtree(target, ignore_errors=True)
        if not options.keep:
            for path in (base, peer.repository, peer.state):
                shutil.rmtree(path, ignore_errors=True)


def _measure(peer, hosts, target, runs, emit):
    for host, tree in hosts.items():
        row = _run(peer, peer.backup(host, "", tree))
        if "failure" in row:
            raise RuntimeError(f"the backup of {host} failed: {row['failure']}")
        size = trees.tree_size(tree)
        emit({"phase": "backup", "host": host, "files": size[0], "bytes": size[1], **row})
    names = list(hosts)
    _restore(peer, names, target)  # no agent is young in any case that is compared
    for run in range(runs):
        cases = (("one", [names[run % len(names)]]), (f"{len(names)} at once", names))
        for case, some in cases:
            row = _restore(peer, some, target)
            if "failure" not in row and run == 0:
                found = [
                    f"{host}: {difference}"
                    for host in some
                    for difference in trees.differences(
                        hosts[host], os.path.join(target, host) + hosts[host]
                    )
                ]
                if found:
                    row["failure"] = "restored wrongly: " + "; ".join(found)[:300]
            emit({"phase": "restore", "case": case, **row})


def _run(peer, commands):
    daemons = peer.daemons()
    row = processes.measure(commands, daemons, peer.site.log, True, _TIMEOUT)
    await_quiet(daemons.client + daemons.server, peer.grace)
    return row


def _restore(peer, hosts, target):
    """By one process that asks for all of them, so that no command's start is in it."""
    for host in hosts:
        shutil.rmtree(os.path.join(target, host), ignore_errors=True)
        os.makedirs(os.path.join(target, host))
    said = os.path.join(peer.state, "restores.jsonl")
    arguments = ("restores", peer.socket(), target, *hosts)
    row = _run(peer, [java.command("Ask.java", *arguments, options=java.ASKER, output=said)])
    if "failure" not in row:
        with open(said) as file:
            answer = json.loads(file.read())
        row |= {"seconds": answer["seconds"], "bytes": answer["bytes"]}
    return row


def markdown(rows):
    rows = [row for row in rows if row.get("phase") == "restore" and "seconds" in row]
    rates, lines = {}, []
    for case in dict.fromkeys(row["case"] for row in rows):
        mine = [row for row in rows if row["case"] == case]
        rates[case] = statistics.median(row["bytes"] / row["seconds"] / MIB for row in mine)
        lines.append((
            case,
            len(mine),
            f"{statistics.median(row['bytes'] for row in mine) / MIB:.0f}",
            f"{statistics.median(row['seconds'] for row in mine):.2f}",
            f"{rates[case]:.1f}",
            f"{statistics.median(row['cpu_client'] for row in mine):.1f}",
            f"{statistics.median(row['cpu_server'] for row in mine):.1f}",
            f"{max(row['mib_agent'] for row in mine):.0f}",
            f"{max(row['mib_server'] for row in mine):.0f}",
            f"{max(program.others(row) for row in mine):.0%}",
        ))  # fmt: skip
    head = (
        "restores", "n", "MiB", "seconds", "MiB/s", "CPU s agents and asker", "CPU s coordinator",
        "peak MiB of an agent", "coordinator", "others' CPU",
    )  # fmt: skip
    parts = [program.table(head, lines)]
    if len(rates) == 2:
        one, many = rates.values()
        words = f"together {many / one:.2f} of the throughput of one (0.90)"
        parts.append(program.goal(words, many / one >= _GOAL))
    return "\n\n".join(parts)
