"""One coordinator and thousands of simulated agents on one machine."""

import datetime
import json
import os
import resource
import subprocess
import time
import urllib.request

from .holdfast import PROGRAM, Holdfast
from .peer import Site, free_port
from .processes import (
    Command,
    cpu_seconds,
    end,
    forget_peaks,
    machine_cpu_seconds,
    peak_mib,
    start,
)

# An agent's connection and its lock; a coordinator has the other end of the connection.
_FILES_PER_AGENT = 2
_FILES_BESIDE = 1_500
_OPEN_FILES = 65_536
_IDLE_SECONDS = 30
_POLICY = """apiVersion: holdfast/v1
kind: Policy
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{simulated: "yes"}}}}
  source: {{files: {{include: ["{hosts}"]}}}}
  schedule: {{cron: "{cron}", spread: {spread}}}
  retention: {{last: 3}}
"""


class Fleet:
    """Simulated agents, in as many processes as their open files need."""

    def __init__(self, peer, agents, folder, most):
        self._peer = peer
        self._folder = folder
        count = -(-agents // most)
        sizes = [agents // count + (n < agents % count) for n in range(count)]
        self._parts = [(sum(sizes[:n]), size) for n, size in enumerate(sizes)]
        self._logs = [os.path.join(peer.state, f"fleet-{n}.jsonl") for n in range(count)]
        self._processes = []
        self.agents = agents

    def start(self, java_options):
        memory = f"-Xmx{max(1, 6 // len(self._parts))}g"
        env = {**self._peer.env, "HOLDFAST_JAVA_OPTS": f"{memory} {java_options}".strip()}
        for (first, size), log in zip(self._parts, self._logs, strict=True):
            argv = [
                PROGRAM, "simulate", "fleet", "--json", "--first", str(first),
                "--agents", str(size), "--dir", self._folder,
            ]  # fmt: skip
            with open(log, "w") as output:
                process = start(Command(argv, env), self._peer.site.log, output)
            self._processes.append(process)
            self._peer.processes.append(process)

    def pids(self):
        return tuple(process.pid for process in self._processes)

    def stop(self):
        for process in self._processes:
            end(process)

    def _events(self, kind):
        """Of each process its own, in order: time and count."""
        for log in self._logs:
            with open(log) as file:
                lines = [json.loads(line) for line in file if line[0] == "{" and line[-1] == "\n"]
            yield [
                (_seconds(line["at"]), line["count"])
                for line in lines
                if line["message_type"] == kind
            ]

    def curve(self, kind, since=0.0):
        """When how many were enrolled or connected, all processes together."""
        steps = []
        for events in self._events(kind):
            before = 0
            for at, count in events:
                steps.append((at, count - before))
                before = count
        total, curve = 0, []
        for at, step in sorted(steps):
            total += step
            if at >= since:
                curve.append((at, total))
        return curve

    def await_all(self, kind, seconds, since=0.0):
        """The curve, once it has reached all; since `since` it must have moved."""
        deadline = time.monotonic() + seconds
        while True:
            curve = self.curve(kind, since)
            if curve and curve[-1][1] == self.agents:
                return curve
            self._check()
            if time.monotonic() > deadline:
                there = curve[-1][1] if curve else 0
                raise RuntimeError(f"after {seconds} s {there} of {self.agents} are {kind}")
            time.sleep(0.2)

    def _check(self):
        for process in self._processes:
            if process.poll() is not None:
                raise RuntimeError(
                    f"a fleet ended with code {process.returncode}: see {self._peer.site.log.name}"
                )


class Simulated(Holdfast):
    """A coordinator whose hosts are simulated by other processes."""

    def __init__(self, work, java_options):
        super().__init__(Site(work, ""), java_options)
        self._metrics = free_port()

    def found(self, jobs):
        self.begin()
        with open(self._file("coordinator.yaml")) as file:
            text = file.read().replace(
                "metrics:\n  enabled: false\n",
                f"metrics:\n  listen: 127.0.0.1:{self._metrics}\nschedule:\n  jobs: {jobs}\n",
            )
        with open(self._file("coordinator.yaml"), "w") as file:
            file.write(text)

    def start_coordinator(self):
        """Returns how many seconds it took to answer."""
        began = time.monotonic()
        self._start_coordinator()
        return time.monotonic() - began

    def kill_coordinator(self):
        self._coordinator.kill()
        self._coordinator.wait()
        self.processes.remove(self._coordinator)

    def apply(self, name, hosts, cron, spread):
        path = self._file("policy.yaml")
        with open(path, "w") as file:
            file.write(_POLICY.format(name=name, hosts=hosts, cron=cron, spread=spread))
        self._call("policy", "apply", "-f", path)

    def delete(self, name):
        self._call("policy", "delete", name, "--yes")

    def rows(self, *arguments):
        return [json.loads(line) for line in self._call(*arguments, "--json").splitlines()]

    def seconds(self, *arguments):
        began = time.monotonic()
        self._call(*arguments)
        return time.monotonic() - began

    def metrics(self):
        """Name and labels as they are printed, and value."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._metrics}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        return {
            line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
            for line in lines
            if not line.startswith("#")
        }

    def coordinator_pid(self):
        return self._coordinator.pid

    def packs(self):
        return sum(
            len(names) for _, _, names in os.walk(os.path.join(self.repository, "packs"))
        )


class Meter:
    """What the coordinator, the fleet and all others take while something goes on."""

    def __init__(self, peer, fleet):
        self._coordinator = (peer.coordinator_pid(),)
        self._fleet = fleet.pids()
        forget_peaks(self._coordinator)
        self._before = self._now()

    def _now(self):
        coordinator, fleet = cpu_seconds(self._coordinator), cpu_seconds(self._fleet)
        return time.monotonic(), coordinator, fleet, machine_cpu_seconds() - coordinator - fleet

    def read(self):
        now = self._now()
        took, coordinator, fleet, others = (a - b for a, b in zip(now, self._before, strict=True))
        return {
            "cpu_coordinator": round(coordinator, 1),
            "cpu_fleet": round(fleet, 1),
            "others_percent": round(100 * others / took / os.cpu_count()),
            "mib_coordinator": round(peak_mib(self._coordinator[0])),
        }


def run(work, options, emit):
    """Connects them, lets policies run on all of them, and kills the coordinator beneath them."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = min(hard, _OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    if options.agents + _FILES_BESIDE > files:
        raise RuntimeError(f"a coordinator of {options.agents} agents needs more than {files} files")
    folder = os.path.join(work, "fleet")
    profiles = options.java_options
    peer = Simulated(work, profiles)
    # Identities belong to the fleet that they were enrolled in.
    subprocess.run(["rm", "-rf", folder], check=True)
    peer.found(options.jobs)
    fleet = Fleet(peer, options.agents, folder, (files - _FILES_BESIDE) // _FILES_PER_AGENT)
    hosts = os.path.join(folder, "hosts")
    try:
        peer.start_coordinator()
        _enrol(peer, fleet, profiles.get("agent", ""), emit)
        if "idle" in options.phases:
            _idle(peer, fleet, emit)
        if "at-once" in options.phases:
            _at_once(peer, fleet, hosts, emit)
        if "spread" in options.phases:
            _spread(peer, fleet, hosts, options.minutes, emit)
        if "commands" in options.phases:
            _commands(peer, fleet, emit)
        if "restart" in options.phases:
            _restart(peer, fleet, 0, emit)
        if "outage" in options.phases:
            _restart(peer, fleet, options.away, emit)
    finally:
        fleet.stop()
        peer.stop()
        if not options.keep:
            for name in ("fleet", "repository", "state"):
                subprocess.run(["rm", "-rf", os.path.join(work, name)], check=False)


def _enrol(peer, fleet, java_options, emit):
    began = time.time()
    fleet.start(java_options)
    meter = Meter(peer, fleet)
    enrolled = fleet.await_all("enrolled", 3_600)[-1][0]
    emit({
        "phase": "enrol",
        "agents": fleet.agents,
        "seconds": round(enrolled - began, 1),
        "a_second": round(fleet.agents / (enrolled - began), 1),
        **meter.read(),
    })  # fmt: skip
    curve = fleet.await_all("connected", 600)
    emit({"phase": "connect", **_quantiles(fleet, curve, enrolled), **meter.read()})


def _idle(peer, fleet, emit):
    meter = Meter(peer, fleet)
    time.sleep(_IDLE_SECONDS)
    emit({"phase": "idle", "agents": fleet.agents, "seconds": _IDLE_SECONDS, **meter.read()})


def _at_once(peer, fleet, hosts, emit):
    """All hosts at one moment: how fast what is due goes through the places that there are."""
    due = (int(time.time()) // 60 + 1) * 60
    if due - time.time() < 5:
        due += 60
    at = time.gmtime(due)
    peer.apply("at-once", hosts, f"{at.tm_min} {at.tm_hour} * * *", "0s")
    _wait_until(due - 1)
    watch = _Runs(peer, fleet, "at-once", due)
    emit({"phase": "at-once", **watch.measured(lambda run: due, patience=3_600)})
    peer.delete("at-once")


def _spread(peer, fleet, hosts, minutes, emit):
    """Each host at a moment of its own, within one round of the schedule."""
    every = minutes * 60
    due = (int(time.time()) // every + 1) * every
    if due - time.time() < 10:
        due += every
    peer.apply("spread", hosts, f"*/{minutes} * * * *", f"{minutes}m")
    planned = {
        row["host_id"]: _seconds(row["start"])
        for row in peer.rows(
            "policy", "preview", "spread", "--limit", str(4 * fleet.agents), "--for", "1h"
        )
        if _seconds(row["nominal"]) == due
    }
    _wait_until(due - 1)
    watch = _Runs(peer, fleet, "spread", due)
    _wait_until(due + every)
    row = watch.measured(lambda run: planned[run["host_id"]], patience=600)
    emit({"phase": "spread", "minutes": minutes, **row})


class _Runs:
    """One round of a policy, from before its time on."""

    def __init__(self, peer, fleet, policy, nominal):
        self._peer, self._fleet = peer, fleet
        self._policy, self._nominal = policy, nominal
        self._meter = Meter(peer, fleet)
        self._before = self._counts()

    def _counts(self):
        metrics = self._peer.metrics()
        return {
            "records": metrics["holdfast_catalog_sequence"],
            "snapshots": metrics["holdfast_snapshots"],
            "packs": self._peer.packs(),
            "complete": metrics['holdfast_backups_total{result="complete",}'],
            "failed": metrics['holdfast_backups_total{result="failed",}'],
        }

    def measured(self, due, patience):
        """Waits until all have run; `due` tells when a run was to begin."""
        deadline = time.monotonic() + patience
        runs = self._runs()
        while not self._are_over(runs) and time.monotonic() < deadline:
            time.sleep(2)
            if self._snapshots() >= self._fleet.agents:
                runs = self._runs()
        used, after = self._meter.read(), self._counts()
        ended = [row for row in runs if row["state"] == "complete"]
        lags = sorted(_seconds(row["ordered"]) - due(row) for row in runs)
        grown = {key: after[key] - self._before[key] for key in after}
        backups = max(1, grown["snapshots"])
        first = min((_seconds(row["ordered"]) for row in runs), default=0)
        last = max((_seconds(row["ended"]) for row in ended), default=first)
        return {
            "agents": self._fleet.agents,
            "runs": len(runs),
            "complete": len(ended),
            "failed": round(grown["failed"]),
            "lag_p50": _at(lags, 0.5),
            "lag_p99": _at(lags, 0.99),
            "lag_max": _at(lags, 1),
            "backup_seconds_p50": _at(sorted(row["duration"] for row in ended), 0.5),
            "seconds": round(last - first, 1),
            "a_second": round(len(ended) / max(1e-3, last - first), 1),
            "records_a_backup": round(grown["records"] / backups, 2),
            "packs_a_backup": round(grown["packs"] / backups, 2),
            **used,
        }

    def _runs(self):
        """The last attempt of each run of this round."""
        found = {}
        for row in self._peer.rows("job", "ls", "--limit", str(4 * self._fleet.agents)):
            mine = row.get("policy") == self._policy and "ordered" in row
            if mine and _seconds(row["nominal"]) == self._nominal:
                found.setdefault(row["host_id"], row)  # the newest comes first
        return list(found.values())

    def _are_over(self, runs):
        return len(runs) == self._fleet.agents and all("ended" in row for row in runs)

    def _snapshots(self):
        return self._peer.metrics()["holdfast_snapshots"] - self._before["snapshots"]


def _commands(peer, fleet, emit):
    """What an operator asks, at this size."""
    began = time.monotonic()
    peer.metrics()
    emit({
        "phase": "commands",
        "agents": fleet.agents,
        "scrape": round(time.monotonic() - began, 2),
        "status": round(peer.seconds("status"), 2),
        "host_ls": round(peer.seconds("host", "ls"), 2),
        "job_ls": round(peer.seconds("job", "ls"), 2),
        "job_ls_all": round(peer.seconds("job", "ls", "--limit", "100000"), 2),
        "preview": round(peer.seconds("policy", "preview"), 2),
    })  # fmt: skip


def _restart(peer, fleet, away, emit):
    """Killed, as by a power cut, and started again: at once, or after so many seconds."""
    peer.kill_coordinator()
    time.sleep(away)
    began = time.time()
    answered = peer.start_coordinator()
    meter = Meter(peer, fleet)
    curve = fleet.await_all("connected", 900, began)
    emit({
        "phase": "outage" if away else "restart",
        "away": away,
        "answers_after": round(answered, 1),
        **_quantiles(fleet, curve, began),
        **meter.read(),
    })  # fmt: skip


def _quantiles(fleet, curve, since):
    def reached(share):
        return round(next(at for at, count in curve if count >= share * fleet.agents) - since, 1)

    fewest = min(range(len(curve)), key=lambda n: curve[n][1])
    curve = curve[fewest:]
    return {
        "agents": fleet.agents,
        "connected_p50": reached(0.5),
        "connected_p99": reached(0.99),
        "connected_max": reached(1),
    }


def _at(ordered, share):
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


def _wait_until(when):
    while (left := when - time.time()) > 0:
        time.sleep(min(left, 1))


def _seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


# ---------------------------------------------------------------- what is printed

_GOALS = (
    ("restart", "connected_max", 60, "all connected within 60 s of a restart"),
    ("outage", "connected_max", 60, "the same after an outage"),
    ("spread", "lag_max", 5, "schedule lag under 5 s"),
)
_MIB_GOAL = 1_536


def goals(rows):
    """Each goal and whether it was met; the size is the caller's to judge."""
    found = {row.get("phase"): row for row in rows}
    for phase, key, most, words in _GOALS:
        if phase in found:
            value = found[phase][key]
            yield f"{words}: {value} s", value is not None and value <= most
    peaks = [row["mib_coordinator"] for row in rows if "mib_coordinator" in row]
    if peaks:
        yield f"coordinator below 1.5 GiB: {max(peaks)} MiB at most", max(peaks) < _MIB_GOAL


def failures(rows):
    """What went wrong, in words."""
    for row in rows:
        if "runs" in row and row["complete"] < row["agents"]:
            yield f"{row['phase']}: {row['complete']} of {row['agents']} runs ended well"
        if row.get("failed"):
            yield f"{row['phase']}: {row['failed']} attempts failed"


def markdown(rows):
    """One line a phase, with what it has."""
    lines = ["| agents | phase | what | cpu s coordinator | cpu s fleet | others | peak MiB |"]
    lines.append("|--:|---|---|--:|--:|--:|--:|")
    own = ("phase", "agents", "cpu_coordinator", "cpu_fleet", "others_percent", "mib_coordinator")
    for row in rows:
        if "phase" not in row:
            continue
        what = ", ".join(f"{key} {value}" for key, value in row.items() if key not in own)
        lines.append(
            f"| {row['agents']} | {row['phase']} | {what} | {row.get('cpu_coordinator', '')}"
            f" | {row.get('cpu_fleet', '')} | {_percent(row)} | {row.get('mib_coordinator', '')} |"
        )
    return "\n".join(lines)


def _percent(row):
    return f"{row['others_percent']} %" if "others_percent" in row else ""
