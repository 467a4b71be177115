"""Holdfast itself: a coordinator and an agent for each host, driven by the command line."""

import json
import os
import shutil
import subprocess
import time

from .peer import Peer, free_port
from .processes import Command, Daemons, end

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
PROGRAM = os.path.join(ROOT, "deploy", "target", "holdfast", "bin", "holdfast")
_AT_ONCE = """gc:
  enabled: false
  quarantine: 0s
  free_without_approval: 1 PiB
  rewrite_rate: 1 GiB/s
"""
_ALARM = 4  # done, and `status` has something to say


class Holdfast(Peer):
    name = "holdfast"
    about = "over mutual TLS 1.3; AES-256-GCM, zstd, packs of 24 MiB, defaults of the configuration"
    resident = True
    grace = 4.0  # proofs begin when nothing has moved for two seconds
    coordinator_settings = ""  # more lines of its configuration
    agent_settings = ""

    def __init__(self, site, java_options=None):
        super().__init__(site)
        self._java_options = java_options or {}
        self._coordinator = None
        self._agents = {}
        self._target = site.path("restored")

    # ---- life

    def fresh(self, hosts):
        self.begin()
        self._start_coordinator()
        for host in hosts:
            self._enrol(host)
        self._start_agents(hosts)

    def begin(self):
        """Founds an empty repository."""
        passphrase = self._prepare()
        self._call(
            "init", "--config", self._file("coordinator.yaml"), "--name", "benchmark",
            "--passphrase-file", passphrase, "--quiet",
        )  # fmt: skip

    def _prepare(self):
        """Writes what a founding needs; returns the file of the passphrase."""
        super().fresh([])
        for name in ("coordinator", "agents"):
            os.makedirs(os.path.join(self.state, name))
        self._port = free_port()
        self._write_coordinator()
        passphrase = os.path.join(self.state, "passphrase")
        with open(passphrase, "w", opener=_private) as file:
            file.write("benchmark-" + os.urandom(12).hex() + "\n")
        return passphrase

    def _write_coordinator(self):
        self._socket = self._file("c.sock")
        self.env = {"HOLDFAST_SOCKET": self._socket}
        with open(self._file("coordinator.yaml"), "w") as file:
            file.write(f"""version: 1
data_dir: '{self._file("coordinator")}'
listen: 127.0.0.1:{self._port}
advertise: ["127.0.0.1:{self._port}"]
vault:
  directory: '{self.repository}'
admin:
  socket: '{self._socket}'
metrics:
  enabled: false
{self.coordinator_settings}""")

    def _enrol(self, host):
        token = self._file(f"token-{host}")
        with open(self._file(f"agent-{host}.yaml"), "w") as file:
            file.write(f"""version: 1
data_dir: '{self._file("agents", host)}'
name: '{host}'
restore:
  allow: ['{self._target}']
{self.agent_settings}""")
        self._call("token", "create", "--host-name", host, "--out", token, "--quiet")
        self._call("agent", "enroll", "--config", file.name, "--token-file", token, "--quiet")
        os.remove(token)

    def _start(self, role, configuration):
        options = self._java_options.get(role, "")
        env = {"HOLDFAST_CONFIG": configuration, "HOLDFAST_JAVA_OPTS": options}
        process = self.site.start(Command([PROGRAM, role, "run"], env))
        self.processes.append(process)
        return process

    def _start_coordinator(self):
        self._coordinator = self._start("coordinator", self._file("coordinator.yaml"))
        self._await(self._coordinator, lambda: self._call("status", "--json"))

    def _start_agents(self, hosts):
        self._agents = {
            host: self._start("agent", self._file(f"agent-{host}.yaml")) for host in hosts
        }
        for process in self._agents.values():
            self._await(process, self._check_connected)

    def _check_connected(self):
        lines = self._call("host", "ls", "--json").splitlines()
        away = [line for line in lines if json.loads(line).get("state") != "connected"]
        if away:
            raise RuntimeError(f"not connected: {away[0]}")

    def restart(self):
        """Ends both daemons and starts them again on what they left."""
        hosts = list(self._agents)
        self.stop()
        self._start_coordinator()
        self._start_agents(hosts)

    def stop(self):
        # Agents first: a coordinator that is gone only makes them wait.
        while self.processes:
            end(self.processes.pop())
        self._coordinator, self._agents = None, {}

    def _await(self, process, check, seconds=180):
        deadline = time.monotonic() + seconds
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"a daemon ended with code {process.returncode}: see the log")
            try:
                return check()
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _file(self, *names):
        return os.path.join(self.state, *names)

    def _call(self, *arguments):
        command = self._command(*arguments)
        done = subprocess.run(
            command.argv,
            env={**os.environ, **command.env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode not in (0, _ALARM):
            raise RuntimeError(f"holdfast {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout

    def _command(self, *arguments):
        return Command([PROGRAM, *arguments], self.env)

    # ---- what is measured

    def daemons(self):
        agents = tuple(process.pid for process in self._agents.values())
        return Daemons(client=agents, server=(self._coordinator.pid,) if self._coordinator else ())

    def version(self):
        return self._call("--version").strip().split("\n")[0]

    def warm_up(self, source):
        """Lets the daemons do their work before, on files that no workload holds."""
        for host in self._agents:
            self._call("backup", host, source, "--quiet")
            self._call("backup", host, source, "--quiet", "--read-everything")
            self._call("restore", f"latest:{host}", "--to", f"{host}:{self._target}", "--quiet")
            shutil.rmtree(self._target)
            os.makedirs(self._target)

    def backup(self, host, tag, source):
        return [self._command("backup", host, source)]

    def restore(self, host, tag, source, target):
        return [self._command("restore", f"latest:{host}", "--to", f"{host}:{target}")]

    def single(self, host, tag, source, relative, target):
        path = os.path.join(source, relative)
        return [self._command("restore", f"latest:{host}", path, "--to", f"{host}:{target}")]

    def verify(self):
        return {
            "verify": [self._command("verify")],
            "verify-checked": [self._command("verify", "--level", "checked")],
        }

    def let_garbage_go(self):
        """Daemons started anew, of which a sweep waits for nobody before what is garbage goes."""
        self.coordinator_settings = _AT_ONCE
        self._write_coordinator()
        self.restart()
        self._call("clock", "confirm", "--yes")

    def sweep(self):
        """What one condemns and rewrites another deletes, once two checkpoints hold that."""
        checkpoint = self._command("catalog", "checkpoint")
        sweep = self._command("gc", "run")
        return [sweep, checkpoint, checkpoint, sweep]

    def restored(self, target, source):
        return target + source


def _private(path, flags):
    return os.open(path, flags, 0o600)
