"""Real files: those of pinned Debian packages of this machine."""

import os
import subprocess
import sys

from .content import MIB
from .trees import put

# Package: most MiB taken of it, version with which the digests in README.md were made.
_PACKAGES = {
    "openjdk-17-jre-headless": (190, "17.0.15+6-1~deb12u1"),
    "cpp-12": (40, "12.2.0-14+deb12u1"),
    "gcc-12": (70, "12.2.0-14+deb12u1"),
    "perl-modules-5.36": (20, "5.36.0-7+deb12u2"),
    "libperl5.36": (10, "5.36.0-7+deb12u2"),
    "locales": (20, "2.36-9+deb12u14"),
    "libicu72": (40, "72.1-3+deb12u1"),
    "git": (45, "1:2.39.5-0+deb12u3"),
    "cmake-data": (12, "3.25.1-1"),
    "libpython3.11-stdlib": (10, "3.11.2-6+deb12u6"),
    "libllvm14": (110, "1:14.0.6-12"),
    "fonts-dejavu-core": (4, "2.37-6"),
    "valgrind": (80, "1:3.19.0-1"),
}


def _is_there(package, wanted):
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True
    )
    if done.returncode != 0:
        print(f"corpus: {package} isn't installed: the digest will differ", file=sys.stderr)
        return False
    if done.stdout != wanted:
        found = f"{package} is {done.stdout}, not {wanted}"
        print(f"corpus: {found}: the digest will differ", file=sys.stderr)
    return True


def _regular_files(package):
    listed = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True, check=True)
    for path in sorted(set(listed.stdout.split("\n"))):
        if path.startswith("/usr/") and os.path.isfile(path) and not os.path.islink(path):
            yield path


def real_files(mib):
    """Paths of files, of at most so many MiB in all."""
    found, left = [], mib * MIB
    for package, (cap, version) in _PACKAGES.items():
        if not _is_there(package, version):
            continue
        taken = 0
        for path in _regular_files(package):
            size = os.path.getsize(path)
            if taken + size <= cap * MIB and size <= left:
                found.append(path)
                taken += size
                left -= size
    return found


def copy_real(target, paths, random):
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        mode = 0o755 if os.stat(path).st_mode & 0o100 else 0o644
        put(os.path.join(target, path[1:]), data, random, mode)
