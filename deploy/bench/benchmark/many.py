"""Very many tiny files, to show that memory doesn't grow with their number."""

import os
from concurrent.futures import ProcessPoolExecutor

from .content import EPOCH, rng
from .trees import stamp_dirs

FILES_PER_FOLDER = 100


def _generate_part(job):
    root, part, files = job
    random = rng("many", part)
    words = random.randbytes(1 << 16).hex().encode()
    for first in range(0, files, FILES_PER_FOLDER):
        folder = os.path.join(root, f"p{part:02d}", f"{first // 10_000:04d}", f"{first:07d}")
        os.makedirs(folder)
        for number in range(first, min(files, first + FILES_PER_FOLDER)):
            path = os.path.join(folder, f"record-{number:07d}.txt")
            at = random.randrange(len(words) - 200)
            with open(path, "wb") as file:
                file.write(words[at : at + random.randrange(200)])
            time = (EPOCH - random.randrange(400 * 86400)) * 10**9 + number
            os.utime(path, ns=(time, time))


def _generate(current, files):
    parts = 20
    with ProcessPoolExecutor() as pool:
        list(pool.map(_generate_part, [(current, part, files // parts) for part in range(parts)]))
    stamp_dirs(current)


def generate_files200k(current, scale):
    _generate(current, int(200_000 * scale))


def generate_files2m(current, scale):
    _generate(current, int(2_000_000 * scale))
