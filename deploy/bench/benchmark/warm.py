"""Files to warm daemons up with: of every kind, and in no workload."""

import os
import shutil

from .content import MIB, log_lines, media, office, rng, table, text
from .trees import put


def make(directory):
    """Makes the tree anew and returns it."""
    root = os.path.join(directory, "warm-up")
    shutil.rmtree(root, ignore_errors=True)
    random = rng("warm-up")
    for number in range(4000):
        folder = os.path.join(root, "small", f"d{number // 50:02d}")
        data = text(random, random.randrange(300, 8000), "prose")
        put(os.path.join(folder, f"f{number:04d}.txt"), data, random)
    for number in range(6):
        put(os.path.join(root, "logs", f"{number}.log"), log_lines(random, 6 * MIB, "json"), random)
        put(os.path.join(root, "media", f"{number}.jpg"), media(random, 6 * MIB), random)
        put(os.path.join(root, "tables", f"{number}.dat"), table(random, 4 * MIB), random)
    for number in range(40):
        put(os.path.join(root, "office", f"{number}.docx"), office(random, 300_000), random)
    return root
