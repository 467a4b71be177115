"""Writes trees with settled times, and says in which ways two trees differ.

Trees are walked by their folders' descriptors: paths may be longer than the kernel takes in one call.
"""

import errno
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
    os.utime(path, ns=_times(seconds_ago), follow_symlinks=False)


def _times(seconds_ago):
    time = (EPOCH - seconds_ago) * 10**9 + (seconds_ago * 7919) % 10**9
    return time, time


def stamp_dirs(root):
    for folder, _, _, opened in _walk(root, topdown=False):
        name = os.path.relpath(folder, root)
        os.utime(opened, ns=_times(zlib.crc32(name.encode()) % (300 * 86400)))


def _walk(root, topdown=True):
    """As `os.fwalk`, but what can't be read is an error and not left out."""
    return os.fwalk(root, topdown=topdown, onerror=_refuse)


def _refuse(failure):
    raise failure


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
    for _, _, names, opened in _walk(root):
        for name in names:
            status = os.lstat(name, dir_fd=opened)
            if stat.S_ISREG(status.st_mode):
                files += 1
                size += status.st_size
    return files, size


def _described(name, folder, relative):
    status = os.lstat(name, dir_fd=folder)
    owner = (status.st_uid, status.st_gid)
    if stat.S_ISLNK(status.st_mode):
        return "link", os.readlink(name, dir_fd=folder)
    mode, micros = stat.S_IMODE(status.st_mode), status.st_mtime_ns // 1000
    if stat.S_ISDIR(status.st_mode):
        # The tree's own folder is made by whoever restores.
        return ("folder",) if relative == "." else ("folder", mode, owner, micros)
    return "file", mode, owner, micros, status.st_size


def _entries(root):
    """Everything in a tree: path, description, name and the open folder that has it.

    In an order that equal trees share; a folder is open until the next entry is asked for.
    """
    for path, folders, names, opened in _walk(root):
        folders.sort()
        within = os.path.relpath(path, root)
        yield within, _described(".", opened, within), ".", opened
        links = [name for name in folders if _is_link(name, opened)]
        for name in sorted(names + links):
            relative = name if within == "." else f"{within}/{name}"
            yield relative, _described(name, opened, relative), name, opened


def _is_link(name, folder):
    return stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode)


def differences(left, right, limit=5):
    """The first ways in which two trees differ: paths, kinds, modes, owners, times, every byte."""
    found = []
    for mine, other in zip(_padded(_entries(left)), _padded(_entries(right))):
        if mine is None and other is None:
            break
        if mine is None or other is None or mine[:2] != other[:2]:
            found.append(f"{mine and mine[:2]} is {other and other[:2]} in the other")
        elif mine[1][0] == "file" and not _same_files(mine, other):
            found.append(f"{mine[0]}: content")
        if len(found) >= limit or (mine is None) != (other is None):
            break
    return found


def _padded(entries):
    yield from entries
    while True:
        yield None


def _same_files(mine, other):
    return _same(_open(mine[2], mine[3]), _open(other[2], other[3]))


def same_bytes(left, right):
    return _same(_open(left), _open(right))


def _open(name, folder=None):
    return os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder), "rb", buffering=0)


def _same(left, right):
    """Whether two open files hold the same; closes them. Where both are hole nothing is read."""
    with left, right:
        size, at = os.fstat(left.fileno()).st_size, 0
        if size != os.fstat(right.fileno()).st_size:
            return False
        while (at := min(_data(left, at, size), _data(right, at, size))) < size:
            block = os.pread(left.fileno(), 4 * MIB, at)
            if block != os.pread(right.fileno(), 4 * MIB, at) or not block:
                return False
            at += len(block)
        return True


def _data(file, at, size):
    """Where data begins from `at` on."""
    if at >= size:
        return size
    try:
        return os.lseek(file.fileno(), at, os.SEEK_DATA)
    except OSError as failure:
        if failure.errno != errno.ENXIO:
            raise
        return size


def digest(root):
    """SHA-256 over all that `differences` compares, owners apart: the same corpus, the same digest."""
    sums = hashlib.sha256()
    for name, described in sorted(entry[:2] for entry in _entries(root)):
        sums.update(repr((name, described[:2] + described[3:])).encode())
        if described[0] == "file":
            with open(os.path.join(root, name), "rb") as file:
                sums.update(hashlib.file_digest(file, "sha256").digest())
    return sums.hexdigest()
