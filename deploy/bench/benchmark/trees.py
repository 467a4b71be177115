"""Writes trees with settled times, and says in which ways two trees differ."""

import hashlib
import os
import stat
import zlib

from .content import EPOCH, MIB


def put(path, data, random, mode=None):
    """Writes a file with a mode and a time from the seeded source."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        os.makedirs(folder)
    with open(path, "wb") as file:
        file.write(data)
    modes = (0o644, 0o644, 0o644, 0o600, 0o640, 0o755)
    os.chmod(path, mode if mode is not None else random.choice(modes))
    stamp(path, random.randrange(400 * 86400))


def stamp(path, seconds_ago):
    time = (EPOCH - seconds_ago) * 10**9 + (seconds_ago * 7919) % 10**9
    os.utime(path, ns=(time, time), follow_symlinks=False)


def stamp_dirs(root):
    for folder, _, _ in os.walk(root, topdown=False):
        name = os.path.relpath(folder, root)
        stamp(folder, zlib.crc32(name.encode()) % (300 * 86400))


def all_files(root):
    """Every regular file, in a settled order."""
    found = []
    for folder, folders, names in os.walk(root):
        folders.sort()
        paths = (os.path.join(folder, name) for name in sorted(names))
        found += [path for path in paths if not os.path.islink(path)]
    return found


def tree_size(root):
    """How many regular files there are, and their bytes."""
    files = size = 0
    for folder, _, names in os.walk(root):
        for name in names:
            status = os.lstat(os.path.join(folder, name))
            if stat.S_ISREG(status.st_mode):
                files += 1
                size += status.st_size
    return files, size


def _described(folder, name, root):
    path = os.path.join(folder, name) if name else folder
    status = os.lstat(path)
    relative = os.path.relpath(path, root)
    owner = (status.st_uid, status.st_gid)
    if stat.S_ISLNK(status.st_mode):
        return relative, ("link", os.readlink(path))
    mode, micros = stat.S_IMODE(status.st_mode), status.st_mtime_ns // 1000
    if stat.S_ISDIR(status.st_mode):
        # The tree's own folder is made by whoever restores.
        return relative, ("folder",) if relative == "." else ("folder", mode, owner, micros)
    return relative, ("file", mode, owner, micros, status.st_size)


def _entries(root):
    """Path and description of everything in a tree, in an order that equal trees share."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in [""] + sorted(names + links):
            yield _described(folder, name, root)


def differences(left, right, limit=5):
    """The first ways in which two trees differ: paths, kinds, modes, owners, times, every byte."""
    found = []
    pairs = zip(_padded(_entries(left)), _padded(_entries(right)))
    for mine, other in pairs:
        if mine is None and other is None:
            break
        if mine != other:
            found.append(f"{mine} is {other} in the other")
        elif mine[1][0] == "file" and not same_bytes(
            os.path.join(left, mine[0]), os.path.join(right, mine[0])
        ):
            found.append(f"{mine[0]}: content")
        if len(found) >= limit or (mine is None) != (other is None):
            break
    return found


def _padded(entries):
    yield from entries
    while True:
        yield None


def same_bytes(left, right):
    with open(left, "rb", buffering=0) as mine, open(right, "rb", buffering=0) as other:
        while True:
            block = mine.read(4 * MIB)
            if block != other.read(4 * MIB):
                return False
            if not block:
                return True


def digest(root):
    """SHA-256 over all that `differences` compares, owners apart: the same corpus, the same digest."""
    sums = hashlib.sha256()
    for name, described in sorted(_entries(root)):
        sums.update(repr((name, described[:2] + described[3:])).encode())
        if described[0] == "file":
            with open(os.path.join(root, name), "rb") as file:
                sums.update(hashlib.file_digest(file, "sha256").digest())
    return sums.hexdigest()
