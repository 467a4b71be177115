"""One file of a TiB, nearly all hole, and paths longer than the kernel takes in one call."""

import os

from .content import EPOCH, rng
from .trees import stamp_dirs

TIB = 1 << 40
_RUN = 512 << 10
_NAME = 199  # with its slash a level takes 200 bytes
# Bytes of the paths, and how many folders of how many files lie at the bottom.
_DEPTHS = ((4_000, 100, 100), (8_000, 1, 100), (32_000, 1, 10))


def generate_tera(current, scale):
    """A TiB with 2,048 runs of random bytes all over it, 1 GiB in all; scaled down, fewer runs."""
    os.makedirs(current)
    random = rng("tera", 0)
    path = os.path.join(current, "volume.img")
    runs = max(1, int(2_048 * scale))
    with open(path, "wb", buffering=0) as file:
        file.truncate(TIB)
        for run in range(runs):
            file.seek(TIB // runs * run + random.randrange(TIB // runs - _RUN))
            file.write(random.randbytes(_RUN))
    os.utime(path, ns=(EPOCH * 10**9, EPOCH * 10**9))
    stamp_dirs(current)


def generate_deep(current, scale):
    """Folders in folders until a file's path has 4,000, 8,000 and 32,000 bytes."""
    os.makedirs(current)
    root = os.open(current, os.O_RDONLY | os.O_DIRECTORY)
    for length, folders, files in _DEPTHS:
        _deep(root, length, folders, max(1, int(files * scale)))
    os.close(root)
    stamp_dirs(current)


def _deep(root, length, folders, files):
    random = rng("deep", length)
    folder = _enter(root, f"to-{length}-")
    for level in range(length // 200 - 3):
        folder = _enter(folder, f"level-{level:03d}-", leave=True)
    for number in range(folders):
        bottom = _enter(folder, f"folder-{number:03d}-")
        for which in range(files):
            _put(bottom, f"file-{which:03d}-".ljust(_NAME + 1, "f"), random)
        os.close(bottom)
    os.close(folder)


def _enter(parent, name, leave=False):
    """Makes a folder and opens it; no call is given more than one name."""
    name = name.ljust(_NAME, "d")
    os.mkdir(name, dir_fd=parent)
    folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=parent)
    if leave:
        os.close(parent)
    return folder


def _put(folder, name, random):
    file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=folder)
    os.write(file, random.randbytes(random.randrange(1, 2_000)))
    time = (EPOCH - random.randrange(400 * 86400)) * 10**9
    os.utime(file, ns=(time, time))
    os.close(file)
