"""What every measured program offers to a sitting."""

import os
import shlex
import shutil
import socket
import subprocess
import time

from .processes import Command, Daemons, end, start


class Peer:
    """One backup program: its repository, its daemons, and the commands of its phases.

    Commands are lists of `Command`, run one after another. A phase that a program hasn't is None.
    """

    name = None
    about = None
    comparable = True  # encrypts, deduplicates, crosses a network: not only a limit of the machine
    resident = False  # its client is a daemon, so that a start of its own is a case of its own
    grace = 0.0  # how long its daemons may pause before they go on by themselves

    def __init__(self, site):
        self.site = site
        self.repository = site.path("repository")
        self.state = site.path("state")
        self.env = {}
        self.processes = []

    # ---- life

    def fresh(self, hosts):
        """Starts anew with an empty repository for the named hosts."""
        self.stop()
        for path in (self.repository, self.state):
            shutil.rmtree(path, ignore_errors=True)
            os.makedirs(path)

    def daemons(self):
        return Daemons()

    def stop(self):
        while self.processes:
            end(self.processes.pop())

    def stored(self):
        """Bytes of the repository's files."""
        total = 0
        for folder, _, names in os.walk(self.repository):
            for name in names:
                try:
                    total += os.lstat(os.path.join(folder, name)).st_size
                except FileNotFoundError:
                    pass
        return total

    # ---- phases

    def version(self):
        raise NotImplementedError

    def backup(self, host, tag, source):
        raise NotImplementedError

    def restore(self, host, tag, source, target):
        raise NotImplementedError

    def single(self, host, tag, source, relative, target):
        """Restores the file `relative` to `source` alone."""
        return None

    def verify(self):
        """Reads and checks everything that is stored: commands by the name of the phase."""
        return {}

    def restored(self, target, source):
        """Where a restore put what was in `source`."""
        return target

    # ---- for programs that live in the peers' system

    def inside(self, *argv, cwd="/"):
        return self.site.inside(argv, self.env, cwd)

    def say(self, *argv):
        command = self.inside(*argv)
        done = subprocess.run(
            command.argv, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        return done.stdout.strip().split("\n")[0]


class Site:
    """Where a sitting works: its directory, its log, and the system that the peers live in."""

    def __init__(self, directory, system):
        self.directory = directory
        self.system = system
        self.log = open(self.path("log"), "ab")

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def put_away(self, directory):
        """Takes it out of the way; it is deleted by `throw_away`, once a workload is over.

        ext4 passes over the inodes of what was just deleted, one by one, each time it makes a file
        (`recently_deleted`): half the time of a restore that follows a deletion.
        """
        away = self.path("put-away")
        os.makedirs(away, exist_ok=True)
        os.rename(directory, os.path.join(away, str(len(os.listdir(away)))))

    def throw_away(self):
        shutil.rmtree(self.path("put-away"), ignore_errors=True)

    def inside(self, argv, env, cwd="/"):
        """A command of the peers' system; without one, of this machine."""
        if not self.system:
            return Command(list(argv), env, cwd)
        enter = ["chroot", self.system, "sh", "-c", 'cd "$0" && exec "$@"', cwd]
        return Command(enter + list(argv), env)

    def start(self, command):
        return start(command, self.log)


class Sshd:
    """A private sshd on loopback, whose only key may run one command."""

    def __init__(self, site, port, forced):
        self._site, self._port = site, port
        folder = site.path("ssh")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder, mode=0o700)
        for key in ("host", "user"):
            file = os.path.join(folder, key)
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
        with open(os.path.join(folder, "user.pub")) as public:
            self._allow(folder, forced, public.read())
        os.makedirs("/run/sshd", exist_ok=True)
        self.remote_shell = (
            f"ssh -p {port} -i {folder}/user -o StrictHostKeyChecking=no"
            " -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o Compression=no"
        )

    def _allow(self, folder, forced, public):
        enter = f"chroot {shlex.quote(self._site.system)} " if self._site.system else ""
        with open(os.path.join(folder, "authorized"), "w") as file:
            file.write(f'command="{enter}{forced}" {public}')
        with open(os.path.join(folder, "sshd.conf"), "w") as file:
            file.write(f"""Port {self._port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
StrictModes no
PidFile none
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
""")
        self._configuration = file.name

    def start(self, env):
        command = Command(["/usr/sbin/sshd", "-D", "-e", "-f", self._configuration], env)
        process = self._site.start(command)
        await_port(self._port, process)
        return process


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, process, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with code {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"no server on port {port} after {seconds} s")
