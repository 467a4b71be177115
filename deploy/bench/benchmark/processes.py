"""Starts processes, ends them, and accounts what they took: CPU seconds and peak memory."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field

TICKS = os.sysconf("SC_CLK_TCK")
SAMPLE_SECONDS = 0.05
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    """Runs in the child before exec: even if we are killed, nothing that we started lives on."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, log, output=None):
    """Starts a command as leader of a session of its own; its output goes to the open file `log`."""
    return subprocess.Popen(
        command.argv,
        stdin=subprocess.DEVNULL,
        stdout=output or log,
        stderr=log,
        env={**os.environ, **command.env},
        cwd=command.cwd,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )


def signal_group(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def end(process, seconds=30):
    """Ends a daemon and whatever it started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
    signal_group(process, signal.SIGKILL)
    process.wait()


@dataclass(frozen=True)
class Command:
    """What to run; `cwd` and `env` as of the outermost program."""

    argv: list
    env: dict = field(default_factory=dict)
    cwd: str = None


@dataclass(frozen=True)
class Daemons:
    """The long-running processes of both sides, by their ids."""

    client: tuple = ()
    server: tuple = ()


# ---------------------------------------------------------------- what /proc says


def _children(pid):
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as children:
                found += [int(child) for child in children.read().split()]
    except OSError:
        pass
    return found


def tree(pid):
    """A process and all its descendants."""
    found, todo = [], [pid]
    while todo:
        parent = todo.pop()
        found.append(parent)
        todo += _children(parent)
    return found


def _peak_kib(pid):
    try:
        with open(f"/proc/{pid}/status") as status:
            for line in status:
                if line.startswith("VmHWM"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def peak_mib(pid):
    """The most memory that a process and its descendants have held, each at its own peak."""
    return sum(_peak_kib(process) for process in tree(pid)) / 1024


def cpu_seconds(pids):
    """User and system time of process trees, reaped children included."""
    ticks = 0
    for pid in (process for root in pids for process in tree(root)):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(int(value) for value in fields[11:15])
    return ticks / TICKS


def machine_cpu_seconds():
    """What all processes of this machine and its kernel took since it started."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def loopback_bytes():
    with open("/proc/net/dev") as devices:
        for line in devices:
            if line.strip().startswith("lo:"):
                return int(line.split()[1])
    return 0


def forget_peaks(pids):
    """Makes the peaks of these process trees start anew."""
    for pid in (process for root in pids for process in tree(root)):
        try:
            with open(f"/proc/{pid}/clear_refs", "w") as refs:
                refs.write("5")
        except OSError:
            pass


def drop_page_cache():
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("3\n")


def await_quiet(pids, grace, limit=300):
    """Waits until daemons have nothing left to do; returns the CPU seconds that took them.

    `grace` is how long a daemon may pause before it goes on by itself.
    """
    if not pids:
        return 0.0
    began, first = time.monotonic(), cpu_seconds(pids)
    quiet_since, last = began, first
    while time.monotonic() - began < limit:
        time.sleep(0.5)
        now = cpu_seconds(pids)
        if now - last > 0.05:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > grace:
            break
        last = now
    return cpu_seconds(pids) - first


# ---------------------------------------------------------------- one measured phase


class _Sampler(threading.Thread):
    """Watches the peaks while commands run, and kills commands that outlast the deadline."""

    def __init__(self, daemons, deadline):
        super().__init__(daemon=True)
        self._daemons = daemons
        self._deadline = deadline
        self._ended = threading.Event()
        self.commands = ()
        self.late = False
        self.command_mib = self.client_mib = self.server_mib = 0.0

    def run(self):
        while not self._ended.is_set():
            self._sample()
            if time.monotonic() > self._deadline:
                self.late = True
                for process in self.commands:
                    signal_group(process, signal.SIGKILL)
            self._ended.wait(SAMPLE_SECONDS)

    def _sample(self):
        command = sum(peak_mib(process.pid) for process in self.commands)
        agents = max((peak_mib(pid) for pid in self._daemons.client), default=0)
        self.command_mib = max(self.command_mib, command)
        self.client_mib = max(self.client_mib, command + agents)
        self.server_mib = max(self.server_mib, sum(map(peak_mib, self._daemons.server)))

    def finish(self):
        self._ended.set()
        self.join()
        self._sample()

    def agent_mib(self):
        return max((peak_mib(pid) for pid in self._daemons.client), default=0)


def measure(commands, daemons, log, cold, timeout, at_once=False):
    """Runs commands as one phase, one after another or all at once; returns what it took."""
    drop_page_cache() if cold else os.sync()
    everyone = daemons.client + daemons.server
    forget_peaks(everyone)
    client_before, server_before = cpu_seconds(daemons.client), cpu_seconds(daemons.server)
    machine_before, wire_before = machine_cpu_seconds(), loopback_bytes()
    sampler = _Sampler(daemons, time.monotonic() + timeout)
    said_before = os.path.getsize(log.name)
    began = time.monotonic()
    sampler.start()
    exit_codes, command_cpu = [], 0.0
    for batch in [commands] if at_once else [[command] for command in commands]:
        processes = []
        for command in batch:
            log.write(f"\n$ {' '.join(command.argv)}\n".encode())
            log.flush()
            processes.append(start(command, log))
        sampler.commands = tuple(processes)
        for process in processes:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            exit_codes.append(process.returncode)
            command_cpu += usage.ru_utime + usage.ru_stime
        sampler.commands = ()
        if sampler.late:
            break
    wall = time.monotonic() - began
    sampler.finish()
    client = command_cpu + cpu_seconds(daemons.client) - client_before
    server = cpu_seconds(daemons.server) - server_before
    others = machine_cpu_seconds() - machine_before - client - server
    result = {
        "wall": wall,
        "cpu_client": client,
        "cpu_server": server,
        "cpu_others": max(0.0, others),
        "mib_client": sampler.client_mib,
        "mib_server": sampler.server_mib,
        "wire_bytes": loopback_bytes() - wire_before,
        "cache": "cold" if cold else "warm",
    }
    if daemons.client:
        result["mib_agent"] = sampler.agent_mib()
        result["mib_command"] = sampler.command_mib
    result = {key: round(x, 3) if isinstance(x, float) else x for key, x in result.items()}
    worst = max(exit_codes, key=abs, default=0)
    if sampler.late:
        result["failure"] = f"took longer than {timeout:.0f} s"
    elif worst:
        result["failure"] = f"exit code {worst}: {_last_words(log.name, said_before)}"
    return result


def _last_words(log, since):
    """What commands and daemons said last: the log itself may not be kept."""
    with open(log, "rb") as file:
        file.seek(max(since, os.path.getsize(log) - 20_000))
        lines = file.read().decode(errors="replace").strip().splitlines()
    said = [line for line in lines if " ERROR " in line or ": " in line and "INFO" not in line]
    return " / ".join((said or lines)[-3:])[:600]
