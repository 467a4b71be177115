"""What the figures depend on: the machine and its versions; and what must be undone on it."""

import os
import platform
import re
import shutil
import subprocess
import time


def _first(path, pattern):
    try:
        with open(path) as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return "unknown"
    return found.group(1).strip() if found else "unknown"


def _say(*argv):
    try:
        done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return "unknown"
    return (done.stdout or done.stderr).strip()


def describe(root, options):
    """The first row of a sitting."""
    memory = int(_first("/proc/meminfo", r"MemTotal: +(\d+)")) / 2**20
    return {
        "sitting": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "cpu": _first("/proc/cpuinfo", r"^model name\s*:(.*)$"),
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "kernel": platform.release(),
        "file_system": _say("stat", "-f", "-c", "%T", options.work),
        "system": _first("/etc/os-release", r'PRETTY_NAME="(.*)"'),
        "commit": _say("git", "-C", root, "describe", "--always", "--dirty", "--abbrev=12"),
        "scale": options.scale,
    }


class Mounts:
    """Makes directories visible inside the peers' system for as long as the sitting lasts."""

    def __init__(self, system, paths):
        self._paths = [*paths, "/proc", "/dev"] if system else []
        self._system = system
        self._mounted = []

    def __enter__(self):
        for path in self._paths:
            target = self._system + path
            os.makedirs(target, exist_ok=True)
            if not os.path.ismount(target):
                subprocess.run(["mount", "--bind", path, target], check=True)
                self._mounted.append(target)
        return self

    def __exit__(self, *_):
        for target in reversed(self._mounted):
            subprocess.run(["umount", "--lazy", target], check=False)


class Cleared:
    """Removes repositories and restored files, before and after; the log stays."""

    def __init__(self, work):
        self._work = work

    def __enter__(self):
        self._remove()
        return self

    def __exit__(self, *_):
        self._remove()

    def _remove(self):
        for name in ("repository", "state", "restored", "put-away", "ssh"):
            shutil.rmtree(os.path.join(self._work, name), ignore_errors=True)


def profiling(directory):
    """Options of each role's Java that record it into the directory."""
    if not directory:
        return {}
    directory = os.path.abspath(directory)
    os.makedirs(directory, exist_ok=True)
    # One file for each process: %p is its id.
    return {
        role: "-XX:StartFlightRecording=settings=profile,dumponexit=true,"
        f"filename={directory}/{role}-%p.jfr"
        for role in ("agent", "coordinator")
    }
