"""A PostgreSQL server of one's own, on a socket in a directory of its own."""

import glob
import os
import re
import shutil
import signal
import subprocess
import time

from .processes import Command, end

_VERSION_MIN = 15
_USER = "postgres"
_ADMIN = "admin"
_START_WITHIN = 600
LEDGER = """
SELECT (SELECT coalesce(sum(tbalance), 0) FROM pgbench_tellers) = h
  AND (SELECT coalesce(sum(bbalance), 0) FROM pgbench_branches) = h
  AND (SELECT coalesce(sum(abalance), 0) FROM pgbench_accounts) = h
FROM (SELECT coalesce(sum(delta), 0) AS h FROM pgbench_history) AS history
"""


def programs():
    """Where the newest server's programs are."""
    found = [
        (int(match[1]), path)
        for path in glob.glob("/usr/lib/postgresql/*/bin")
        if (match := re.fullmatch(r".*/(\d+)/bin", path))
        and int(match[1]) >= _VERSION_MIN
        and os.access(os.path.join(path, "initdb"), os.X_OK)
    ]
    if not found:
        raise RuntimeError(f"no PostgreSQL {_VERSION_MIN} or newer in /usr/lib/postgresql")
    return max(found)[1]


def open_to_all(path):
    """A directory through which the server's user finds its own."""
    os.makedirs(path, exist_ok=True)
    os.chmod(path, 0o711)
    return path


def _own(path, mode=0o700):
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    shutil.chown(path, _USER, _USER)
    os.chmod(path, mode)
    return path


class Server:
    def __init__(self, site, data, sockets):
        self._site, self.data, self.sockets = site, data, _own(sockets, 0o755)
        self._programs = programs()
        self._process = None

    def initialise(self, archive):
        """A new cluster with checksums, to which root may connect as `holdfast`."""
        _own(self.data)
        if archive:
            _own(archive)
        self.must("initdb", f"--pgdata={self.data}", f"--username={_ADMIN}", "--data-checksums",
                  "--encoding=UTF8", "--locale=C", "--auth=trust")  # fmt: skip
        with open(os.path.join(self.data, "pg_hba.conf"), "w") as file:
            file.write("local all holdfast peer map=agents\nlocal all all trust\n")
            file.write("local replication holdfast peer map=agents\n")
        with open(os.path.join(self.data, "pg_ident.conf"), "w") as file:
            file.write("agents root holdfast\n")

    def _as_user(self, name, *arguments):
        enter = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", "--"]
        return [*enter, os.path.join(self._programs, name), *arguments]

    def must(self, name, *arguments):
        """Runs one of the server's programs to its end; what it printed."""
        done = subprocess.run(
            self._as_user(name, *arguments), cwd="/", stdin=subprocess.DEVNULL,
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr.strip()[-300:]}")
        return done.stdout

    def _to_server(self, *arguments):
        return ["-h", self.sockets, "-U", _ADMIN, *arguments]

    def ask(self, name, *arguments):
        return self.must(name, *self._to_server(*arguments))

    def launch(self, name, *arguments):
        """Starts a program that talks to this server."""
        argv = self._as_user(name, *self._to_server(*arguments))
        return self._site.start(Command(argv, {}, "/"))

    def query(self, sql):
        words = ("-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", sql)
        return self.ask("psql", *words).strip()

    def session(self):
        """psql with its standard input open."""
        words = ("-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres")
        return subprocess.Popen(
            self._as_user("psql", *self._to_server(*words)), cwd="/",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._site.log, text=True,
        )  # fmt: skip

    def start(self, **settings):
        """Starts it, and waits until the log is no longer replayed."""
        settings = {
            "listen_addresses": "", "shared_buffers": "128MB", "max_wal_size": "1GB",
            "track_commit_timestamp": "on", **settings,
        }  # fmt: skip
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        argv = self._as_user("postgres", "-D", self.data, "-k", self.sockets, *words)
        self._process = self._site.start(Command(argv, {}, "/"))
        deadline = time.monotonic() + _START_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the server did not start: see {self._site.log.name}")
            time.sleep(0.05)

    def _answers(self):
        try:
            return self.query("SELECT pg_is_in_recovery()") == "f"
        except RuntimeError:
            return False

    def stop(self):
        """Ends its sessions, too."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            end(self._process, 120)
            self._process = None
