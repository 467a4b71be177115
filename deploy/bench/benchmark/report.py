"""Says what was measured: a line for a phase, Markdown tables for a sitting."""

import json
import math
import statistics

from . import goals
from .peers import PEERS

BEGIN, END = "<!-- sitting: begin -->", "<!-- sitting: end -->"
MIB = 2**20
_PHASES = (
    "first", "first-at-once", "swept", "unchanged", "unchanged-cold", "day2", "restore", "single",
    "verify", "verify-checked",
)  # fmt: skip
_COMPARABLE = {peer.name for peer in PEERS if peer.comparable}
# Phases that move all of the bytes: their rate says something.
_MOVES_ALL = ("first", "first-at-once", "restore")
# Other processes that took more than this share of the machine make a figure doubtful.
_NOISE = 0.10


def read(files):
    rows = []
    for name in files:
        with open(name) as file:
            rows += [json.loads(line) for line in file if line.startswith("{")]
    return rows


def write_into(path, text):
    """Replaces what stands between the two marks of a Markdown file."""
    with open(path) as file:
        before, rest = file.read().split(BEGIN)
    after = rest.split(END)[1]
    with open(path, "w") as file:
        file.write(f"{before}{BEGIN}\n\n{text}\n{END}{after}")


def line(row):
    """One row for whoever watches."""
    if "sitting" in row:
        return _machine(row)
    name = f"{row['workload']:14} {row['peer']:9} {row['phase']:15} {row.get('start', ''):5}"
    if "wall" in row:
        name += (
            f" {row['wall']:8.2f} s, CPU {row['cpu_client']:.1f} + {row['cpu_server']:.1f} s,"
            f" peak {row['mib_client']:.0f} + {row['mib_server']:.0f} MiB"
        )
    if "stored" in row:
        name += f", stored {row['stored'] / MIB:.1f} MiB"
    if "failure" in row:
        name += f" FAILED: {row['failure']}"
    return name


def markdown(rows):
    sittings = [row for row in rows if "sitting" in row]
    figures = _Figures([row for row in rows if "phase" in row])
    parts = ["\n".join(_machine(row) for row in sittings), _table(figures)]
    if figures.has("holdfast"):
        parts += [_ratios(figures), _limits(figures), _growth(figures)]
    parts.append(_failures(rows))
    return "\n\n".join(part for part in parts if part) + "\n"


def _machine(row):
    peers = "".join(f"\n- {name}: {version}" for name, version in row.get("versions", {}).items())
    return (
        f"{row['sitting']}, commit {row['commit']}, scale {row['scale']:g}: {row['cores']} cores"
        f" ({row['cpu']}), {row['memory_gib']} GiB, {row['file_system']}, {row['system']}, kernel"
        f" {row['kernel']}{peers}"
    )


class _Figures:
    """Medians by workload, peer, phase and start."""

    def __init__(self, rows):
        self._rows = [row for row in rows if "wall" in row]

    def has(self, peer):
        return any(row["peer"] == peer for row in self._rows)

    def values(self, key):
        return list(dict.fromkeys(row[key] for row in self._rows))

    def of(self, workload, phase):
        """(peer, start, rows) of one phase, in the order in which they were measured."""
        groups = {}
        for row in self._rows:
            if (row["workload"], row["phase"]) == (workload, phase):
                groups.setdefault((row["peer"], row.get("start", "")), []).append(row)
        return [(peer, start, rows) for (peer, start), rows in groups.items()]

    def ours(self, goal):
        """The start and our figure, for each kind of start."""
        return [
            (start, _figure(rows, goal.figure))
            for peer, start, rows in self.of(goal.workload, goal.phase)
            if peer == "holdfast" and _good(rows) and goal.start in (None, start)
        ]

    def best_peer(self, goal):
        """The best comparable peer's figure and name; None if none was measured well."""
        found = [
            (_figure(rows, goal.figure), peer)
            for peer, _, rows in self.of(goal.workload, goal.beside or goal.phase)
            if peer in _COMPARABLE and _good(rows)
        ]
        return min(found, default=None)

    def most(self, key):
        """The largest figure of ours, and its row."""
        rows = [row for row in self._rows if row["peer"] == "holdfast" and key in row]
        return max(rows, key=lambda row: row[key], default=None)


def _good(rows):
    return not any("failure" in row for row in rows)


def _figure(rows, figure):
    if figure == "cpu":
        return statistics.median(row["cpu_client"] + row["cpu_server"] for row in rows)
    return statistics.median(row[figure] for row in rows)


_HEAD = (
    "| workload | phase | program | start | n | wall s | MiB/s | CPU s client | CPU s server"
    " | CPU s after | wire MiB | peak MiB client | peak MiB server | stored MiB | grown MiB | note |\n"
    "|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


def _table(figures):
    lines = [_HEAD]
    for workload in figures.values("workload"):
        for phase in _PHASES:
            for peer, start, rows in figures.of(workload, phase):
                lines.append(_table_line(workload, phase, peer, start, rows))
    return "\n".join(lines)


def _table_line(workload, phase, peer, start, rows):
    def median(key):
        return statistics.median(row.get(key, 0) for row in rows)

    wall = median("wall")
    rate = f"{rows[0]['bytes'] / MIB / wall:.0f}" if phase in _MOVES_ALL else ""
    stored = f"{rows[-1]['stored'] / MIB:.1f}" if "stored" in rows[-1] else ""
    grown = f"{median('grown') / MIB:.2f}" if "grown" in rows[-1] else ""
    cells = (
        workload, phase, peer, start, len(rows), f"{wall:.2f}", rate,
        f"{median('cpu_client'):.1f}", f"{median('cpu_server'):.1f}",
        f"{median('cpu_after'):.1f}", f"{median('wire_bytes') / MIB:.0f}",
        f"{median('mib_client'):.0f}",
        f"{median('mib_server'):.0f}", stored, grown, _note(rows),
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _note(rows):
    notes = [row["failure"] for row in rows if "failure" in row]
    share = max(row["cpu_others"] / row["wall"] for row in rows) / rows[0]["cores"]
    if share > _NOISE:
        notes.append(f"others took up to {share:.0%} of the machine")
    return "; ".join(notes).replace("|", "/")


def _ratios(figures):
    lines = [
        "| goal | best peer | Holdfast | ratio | must | stretch | |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for goal in goals.RATIOS:
        best = figures.best_peer(goal)
        if not best or not best[0]:
            continue
        for start, ours in figures.ours(goal):
            lines.append(_ratio_line(goal, start, ours, *best))
    return "\n".join(lines) if len(lines) > 2 else ""


def _ratio_line(goal, start, ours, best, peer):
    # Rounded up: never in our favour.
    ratio = math.ceil(100 * ours / best) / 100
    name = f"{goal.workload}, {goal.phase}, {goal.figure}"
    name += f" ({start} daemons)"
    met = "stretch" if ratio <= goal.stretch else "met" if ratio <= goal.must else "**missed**"
    shown = (f"{_shown(goal, best)} {peer}", _shown(goal, ours), f"{ratio:.2f}")
    limits = (f"{goal.must:.2f}", f"{goal.stretch:.2f}", met)
    return "| " + " | ".join((name, *shown, *limits)) + " |"


def _shown(goal, value):
    if goal.figure in ("stored", "grown"):
        return f"{value / MIB:.1f} MiB"
    return f"{value:.2f} s"


def _limits(figures):
    lines = ["| limit | at most | measured | where | |", "|---|--:|--:|---|---|"]
    for name, key, most in (
        ("agent, peak memory", "mib_agent", goals.AGENT_MIB_MAX),
        ("coordinator, peak memory", "mib_server", goals.COORDINATOR_MIB_MAX),
    ):
        row = figures.most(key)
        if row:
            met = "met" if row[key] <= most else "**missed**"
            where = f"{row['workload']}, {row['phase']}"
            lines.append(f"| {name} | {most} MiB | {math.ceil(row[key])} MiB | {where} | {met} |")
    most = goals.COORDINATOR_CPU_SHARE_MAX
    for workload in figures.values("workload"):
        for peer, start, rows in figures.of(workload, "first"):
            if peer == "holdfast":
                share = statistics.median(_server_share(row) for row in rows)
                met = "met" if share <= most else "**missed**"
                lines.append(
                    f"| coordinator's share of the CPU | {most:.0%} | {math.ceil(100 * share)} %"
                    f" | {workload}, first, {start} | {met} |"
                )
    return "\n".join(lines)


def _server_share(row):
    return row["cpu_server"] / max(0.01, row["cpu_client"] + row["cpu_server"])


def _growth(figures):
    """How peak memory changes when there are ten times as many files."""
    few, many = "files200k", "files2m"
    lines = [
        f"| phase | start | agent MiB: {few} | {many} | coordinator MiB: {few} | {many} |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for phase in _PHASES:
        for peer, start, rows in figures.of(many, phase):
            fewer = [row for p, s, row in figures.of(few, phase) if (p, s) == (peer, start)]
            if peer == "holdfast" and fewer:
                cells = [
                    f"{max(row[key] for row in group):.0f}"
                    for key in ("mib_agent", "mib_server")
                    for group in (fewer[0], rows)
                ]
                lines.append(f"| {phase} | {start} | " + " | ".join(cells) + " |")
    return "\n".join(lines) if len(lines) > 2 else ""


def _failures(rows):
    failed = [row for row in rows if "failure" in row]
    return "\n".join(["Failed:"] + [f"- {line(row)}" for row in failed]) if failed else ""
