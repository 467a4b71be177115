"""One coordinator and thousands of simulated agents on one machine."""

import os
import re
import resource
import subprocess
import time
import urllib.request

from .holdfast import PROGRAM, Holdfast
from .peer import Site, free_port
from .processes import Command, cpu_seconds, forget_peaks, peak_mib, start

# A connection is a file on either side.
_OPEN_FILES = 65_536
_CONNECTED = re.compile(r"all (\d+) connected after (.*)")
_POLICY = """apiVersion: holdfast/v1
kind: Policy
metadata: {{name: simulated}}
spec:
  selector: {{matchLabels: {{simulated: "yes"}}}}
  source: {{files: {{include: ["{hosts}"]}}}}
  schedule: {{cron: "{cron}", spread: {spread}}}
  retention: {{last: 3}}
"""


class Simulated(Holdfast):
    """A coordinator whose hosts are simulated by one other process."""

    def __init__(self, work, java_options):
        super().__init__(Site(work, ""), java_options)
        self._fleet = None
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
        began = time.monotonic()
        self._start_coordinator()
        return time.monotonic() - began

    def start_fleet(self, agents, folder):
        self._output = open(self._file("fleet.log"), "a+")
        env = {**self.env, "HOLDFAST_JAVA_OPTS": "-Xmx6g"}
        argv = [PROGRAM, "simulate", "fleet", "--agents", str(agents), "--dir", folder]
        self._fleet = start(Command(argv, env), self.site.log, self._output)
        self.processes.append(self._fleet)

    def await_line(self, pattern, seconds, after=0):
        """Waits until the fleet has said it behind so many characters; returns the match and where
        it ends."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._fleet.poll() is not None:
                raise RuntimeError(f"the fleet ended with code {self._fleet.returncode}")
            with open(self._file("fleet.log")) as file:
                text = file.read()
            found = re.compile(pattern).search(text, after)
            if found:
                return found, found.end()
            time.sleep(0.1)
        raise RuntimeError(f"within {seconds} s the fleet never said {pattern!r}: {text[-200:]!r}")

    def kill_coordinator(self):
        self._coordinator.kill()
        self._coordinator.wait()
        self.processes.remove(self._coordinator)

    def apply(self, hosts, cron, spread):
        path = self._file("policy.yaml")
        with open(path, "w") as file:
            file.write(_POLICY.format(hosts=hosts, cron=cron, spread=spread))
        self._call("policy", "apply", "-f", path)

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

    def fleet_pid(self):
        return self._fleet.pid


def run(work, agents, minutes, jobs, emit):
    """Connects them, lets a policy run on all of them, and restarts the coordinator beneath them."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    folder = os.path.join(work, "fleet")
    peer = Simulated(work, {"coordinator": "-Xmx1g"})
    # Identities belong to the fleet that they were enrolled in.
    subprocess.run(["rm", "-rf", folder], check=True)
    peer.found(jobs)
    try:
        peer.start_coordinator()
        began = time.monotonic()
        peer.start_fleet(agents, folder)
        _, at = peer.await_line(f"enrolled {agents} of {agents}", 3_600)
        emit({"phase": "enrol", "agents": agents, "seconds": round(time.monotonic() - began, 1)})
        _connected(peer, agents, "connect", time.monotonic(), at, emit)
        _schedule(peer, agents, os.path.join(folder, "hosts"), minutes, emit)
        _restart(peer, agents, emit)
    finally:
        peer.stop()


def _connected(peer, agents, phase, began, after, emit):
    peer.await_line(_CONNECTED.pattern, 600, after)
    pid = peer.coordinator_pid()
    emit({
        "phase": phase,
        "agents": agents,
        "seconds": round(time.monotonic() - began, 1),
        "mib_coordinator": round(peak_mib(pid)),
        "mib_fleet": round(peak_mib(peer.fleet_pid())),
    })  # fmt: skip


def _schedule(peer, agents, hosts, minutes, emit):
    """Every host once in so many minutes."""
    peer.apply(hosts, f"*/{minutes} * * * *", f"{minutes - 1}m")
    pids = (peer.coordinator_pid(),)
    forget_peaks(pids)
    began, cpu = time.monotonic(), cpu_seconds(pids)
    # To the beginning of the next round, then two of them.
    time.sleep(minutes * 60 - time.time() % (minutes * 60) + 2 * minutes * 60)
    took = time.monotonic() - began
    metrics = peer.metrics()
    delays = {
        float(key.split('le="')[1].split('"')[0].replace("+Inf", "inf")): value
        for key, value in metrics.items()
        if key.startswith("holdfast_schedule_delay_seconds_bucket")
    }
    count = metrics["holdfast_schedule_delay_seconds_count"]
    emit({
        "phase": "schedule",
        "agents": agents,
        "every_minutes": minutes,
        "runs": round(count),
        "complete": round(metrics['holdfast_backups_total{result="complete",}']),
        "failed": round(metrics['holdfast_backups_total{result="failed",}']),
        "begun_within_1_s": round(delays[1.0] / max(1, count), 4),
        "begun_within_5_s": round(delays[5.0] / max(1, count), 4),
        "mean_delay_seconds": round(
            metrics["holdfast_schedule_delay_seconds_sum"] / max(1, count), 3
        ),
        "cpu_coordinator": round((cpu_seconds(pids) - cpu) / took, 3),
        "mib_coordinator": round(peak_mib(pids[0])),
    })  # fmt: skip


def _restart(peer, agents, emit):
    """Killed, as by a power cut, and started again at once."""
    with open(peer._file("fleet.log")) as file:
        said = len(file.read())
    peer.kill_coordinator()
    peer.await_line(r"connected \d+ of|connected 0 of", 120, said)
    with open(peer._file("fleet.log")) as file:
        said = len(file.read())
    answered = peer.start_coordinator()
    began = time.monotonic() - answered
    emit({"phase": "restart", "agents": agents, "seconds": round(answered, 1)})
    _connected(peer, agents, "reconnect", began, said, emit)
