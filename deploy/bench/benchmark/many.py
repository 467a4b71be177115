"""Very many tiny files, to show that memory doesn't grow with their number."""

import os
from concurrent.futures import ProcessPoolExecutor

from .content import EPOCH, rng
from .trees import stamp_dirs

FILES_PER_FOLDER = 100


def _generate_part(job):
    root, part, files, put = job
    random = rng("many", part)
    words = random.randbytes(1 << 16).hex().encode()
    for first in range(0, files, FILES_PER_FOLDER):
        folder = os.path.join(root, f"p{part:02d}", f"{first // 10_000:04d}", f"{first:07d}")
        os.makedirs(folder)
        for number in range(first, min(files, first + FILES_PER_FOLDER)):
            put(os.path.join(folder, f"record-{number:07d}.txt"), number, words, random)


def _put(path, number, words, random):
    at = random.randrange(len(words) - 200)
    with open(path, "wb") as file:
        file.write(words[at : at + random.randrange(200)])
    time = (EPOCH - random.randrange(400 * 86400)) * 10**9 + number
    os.utime(path, ns=(time, time))


def _generate(current, files, put=_put):
    parts = 20
    jobs = [(current, part, files // parts, put) for part in range(parts)]
    with ProcessPoolExecutor() as pool:
        list(pool.map(_generate_part, jobs))
    stamp_dirs(current)


def generate_files200k(current, scale):
    _generate(current, int(200_000 * scale))


def generate_files2m(current, scale):
    _generate(current, int(2_000_000 * scale))


def generate_files10m(current, scale):
    _generate(current, int(10_000_000 * scale), _put_mostly_hole)


def generate_folder2m(current, scale):
    """All in one folder, by names that no order in which they were made gives away."""
    files, parts = int(2_000_000 * scale), 20
    os.makedirs(current)
    jobs = [(current, part, files // parts) for part in range(parts)]
    with ProcessPoolExecutor() as pool:
        list(pool.map(_generate_in_one_folder, jobs))
    stamp_dirs(current)


def _generate_in_one_folder(job):
    root, part, files = job
    random = rng("many-in-one", part)
    words = random.randbytes(1 << 16).hex().encode()
    for number in range(files):
        name = f"{random.randrange(1 << 64):016x}-{part:02d}-{number:06d}.dat"
        _put_mostly_hole(os.path.join(root, name), number, words, random)


def _put_mostly_hole(path, number, words, random):
    """One in twenty holds bytes; the others are as long and all hole, so that the disk holds them."""
    at, length = random.randrange(len(words) - 200), random.randrange(1, 200)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    if number % 20 == 0:
        os.write(file, words[at : at + length])
    else:
        os.truncate(file, length)
    time = (EPOCH - random.randrange(400 * 86400)) * 10**9 + number
    os.utime(file, ns=(time, time))
    os.close(file)
