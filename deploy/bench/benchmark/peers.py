"""The other programs: restic and borg, and what the machine allows at most."""

import os
import shutil
import subprocess

from .peer import Peer, Sshd, await_port, free_port
from .processes import Daemons


class Restic(Peer):
    name = "restic"
    about = "over TLS 1.3 to rest-server; AES-256-CTR and Poly1305, zstd, packs of 16 MiB"

    def fresh(self, hosts):
        super().fresh(hosts)
        self._cache = os.path.join(self.state, "cache")
        self.env = {
            "RESTIC_PASSWORD": "benchmark",
            "RESTIC_CACHE_DIR": self._cache,
            "RESTIC_PROGRESS_FPS": "0.1",
        }
        self._certify()
        port = free_port()
        self._url = f"rest:https://127.0.0.1:{port}/"
        server = self.site.start(
            self.inside(
                "restic-rest-server", "--path", self.repository, "--no-auth",
                "--tls", "--tls-cert", self._certificate, "--tls-key", self._key,
                "--listen", f"127.0.0.1:{port}",
            )
        )  # fmt: skip
        self.processes.append(server)
        await_port(port, server)
        command = self._restic("init")
        subprocess.run(
            command.argv, env={**os.environ, **command.env}, check=True, stdout=subprocess.DEVNULL
        )

    def _certify(self):
        self._certificate = os.path.join(self.state, "certificate.pem")
        self._key = os.path.join(self.state, "key.pem")
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-days", "9", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1",
                "-keyout", self._key, "-out", self._certificate,
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _restic(self, *arguments):
        return self.inside(
            "restic", "-q", "-r", self._url, "--cacert", self._certificate, *arguments
        )

    def daemons(self):
        return Daemons(server=tuple(process.pid for process in self.processes))

    def version(self):
        server = self.say("restic-rest-server", "--version")
        return f"{self.say('restic', 'version')}; {server}"

    def backup(self, host, tag, source):
        return [self._restic("backup", "--host", host, "--tag", tag, source)]

    def restore(self, host, tag, source, target):
        return [self._restic("restore", f"latest:{source}", "--host", host, "--target", target)]

    def single(self, host, tag, source, relative, target):
        restore = self.restore(host, tag, source, target)[0]
        restore.argv.extend(["--include", "/" + relative])
        return [restore]

    def verify(self):
        return {"verify": [self._restic("check", "--read-data")]}


class Borg(Peer):
    name = "borg"
    about = "over ssh to borg serve; AES-256-CTR and HMAC-SHA-256, zstd 3"
    program = "borg"

    def fresh(self, hosts):
        super().fresh(hosts)
        shutil.rmtree(self.repository)
        self.env = {
            "BORG_PASSPHRASE": "benchmark",
            "BORG_BASE_DIR": self.state,
            "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
            "BORG_CHECK_I_KNOW_WHAT_I_AM_DOING": "YES",
        }
        port = free_port()
        sshd = Sshd(self.site, port, f"{self.program} serve")
        self.processes.append(sshd.start(self.env))
        self.env["BORG_RSH"] = sshd.remote_shell
        self._url = f"ssh://root@127.0.0.1:{port}{self.repository}"
        command = self._create()
        subprocess.run(command.argv, env={**os.environ, **command.env}, check=True)

    def _create(self):
        return self.inside("borg", "init", "-e", "repokey", self._url)

    def daemons(self):
        return Daemons(server=tuple(process.pid for process in self.processes))

    def version(self):
        return self.say(self.program, "--version")

    def _archive(self, host, tag):
        return f"{self._url}::{host}-{tag}"

    def backup(self, host, tag, source):
        archive = self._archive(host, tag)
        return [self.inside("borg", "create", "-C", "zstd,3", archive, ".", cwd=source)]

    def restore(self, host, tag, source, target):
        return [self.inside("borg", "extract", self._archive(host, tag), cwd=target)]

    def single(self, host, tag, source, relative, target):
        restore = self.restore(host, tag, source, target)[0]
        restore.argv.append(relative)
        return [restore]

    def verify(self):
        return {"verify": [self.inside("borg", "check", "--verify-data", self._url)]}


class Borg2(Borg):
    name = "borg2"
    about = "beta; over ssh to borg2 serve; AES-256-OCB, zstd 3"
    program = "borg2"

    def _borg2(self, *arguments, cwd="/"):
        return self.inside("borg2", "-r", self._url, *arguments, cwd=cwd)

    def _create(self):
        return self._borg2("repo-create", "-e", "repokey-aes-ocb")

    def backup(self, host, tag, source):
        return [self._borg2("create", "-C", "zstd,3", f"{host}-{tag}", ".", cwd=source)]

    def restore(self, host, tag, source, target):
        return [self._borg2("extract", f"{host}-{tag}", cwd=target)]

    def verify(self):
        return {"verify": [self._borg2("check", "--verify-data")]}


class TarZstd(Peer):
    name = "tar-zstd"
    about = "a limit, not a peer: tar | zstd -3 to a local file"
    comparable = False

    def _shell(self, script):
        return [self.inside("sh", "-c", script)]

    def _file(self, host):
        return f"'{self.repository}/{host}.tar.zst'"

    def version(self):
        return f"{self.say('tar', '--version')}; {self.say('zstd', '--version')}"

    def backup(self, host, tag, source):
        file = self._file(host)
        pack = f"tar -C '{source}' --format=posix -cf - . | zstd -q -f -3 -o {file}"
        return self._shell(f"{pack} && sync {file}")

    def restore(self, host, tag, source, target):
        return self._shell(f"zstd -dcq {self._file(host)} | tar -C '{target}' -xpf -")

    def verify(self):
        return {"verify": self._shell(f"zstd -tq '{self.repository}'/*.tar.zst")}


class Copy(TarZstd):
    name = "cp"
    about = "a limit, not a peer: cp -a to a local folder"

    def version(self):
        return self.say("cp", "--version")

    def backup(self, host, tag, source):
        folder = f"'{self.repository}/{host}'"
        return self._shell(f"rm -rf {folder} && cp -a '{source}' {folder} && sync -f {folder}")

    def restore(self, host, tag, source, target):
        return self._shell(f"cp -a '{self.repository}/{host}/.' '{target}/'")

    def verify(self):
        return {}


PEERS = (Restic, Borg, Borg2, TarZstd, Copy)
