"""The corpora by name: made once and kept, set to day 1 or day 2."""

import json
import os
import shutil
from dataclasses import dataclass

from . import day2, extreme, images, many, workloads
from .trees import tree_size

# Raise it when what is generated changes: corpora that lie around are then made anew.
GENERATION = 1


@dataclass(frozen=True)
class Workload:
    name: str
    about: str
    generate: object  # (cur, scale) or, where day 2 is a tree of its own, (cur, scale, next)
    day2: object = None
    hosts: int = 1
    has_single: bool = True
    part: str = ""  # what is restored of it; empty: everything
    brief: bool = False  # so large that each case is measured once: fresh daemons, then warm ones


ALL = {
    workload.name: workload
    for workload in (
        Workload(
            "mixed",
            "38,900 files, 2.2 GB: programs, source, logs, media, documents, tables, near-copies",
            workloads.generate_mixed,
            day2.Edits,
        ),
        Workload(
            "small",
            "200,000 files of 0.5 to 8 KiB in 20,000 folders",
            workloads.generate_small,
            day2.Edits,
        ),
        Workload(
            "vm",
            "a sparse disk image of 4 GiB; day 2 rewrites 2 % of it",
            images.generate_vm,
            day2.Swap,
            has_single=False,
        ),
        Workload(
            "db",
            "1.07 GB of 8 KiB database pages in 50 files; day 2 changes 5 % of them",
            images.generate_db,
            day2.Swap,
        ),
        Workload(
            "incompressible",
            "2.15 GB of random bytes in 23 files",
            workloads.generate_incompressible,
        ),
        Workload(
            "fleet",
            "8 hosts of 340 MB that share 88 %, one after another",
            workloads.generate_fleet,
            hosts=8,
        ),
        Workload(
            "files200k",
            "200,000 files of 0 to 200 bytes in nested folders: memory beside files2m",
            many.generate_files200k,
            has_single=False,
        ),
        Workload(
            "files2m",
            "2,000,000 files of 0 to 200 bytes in nested folders: memory beside files200k",
            many.generate_files2m,
            has_single=False,
        ),
        Workload(
            "files10m",
            "10,000,000 files of 1 to 199 bytes, nearly all hole; a twentieth is restored",
            many.generate_files10m,
            has_single=False,
            part="p07",
            brief=True,
        ),
        Workload(
            "folder2m",
            "2,000,000 files of 1 to 199 bytes, nearly all hole, in one folder",
            many.generate_folder2m,
            has_single=False,
            brief=True,
        ),
        Workload(
            "tera",
            "one file of 1 TiB with 1 GiB of data all over it",
            extreme.generate_tera,
            has_single=False,
            brief=True,
        ),
        Workload(
            "deep",
            "10,110 files whose paths have 4,000, 8,000 and 32,000 bytes",
            extreme.generate_deep,
            has_single=False,
            brief=True,
        ),
    )
}


class Corpus:
    """One workload's trees below a directory: `cur` is what is backed up."""

    def __init__(self, workload, directory, scale):
        self.workload, self.scale = workload, scale
        name = workload.name if scale == 1 else f"{workload.name}-{scale:g}"
        self._base = os.path.join(directory, name)
        self.current = os.path.join(self._base, "cur")
        self._stamp = os.path.join(self._base, "corpus.json")
        self._day2 = workload.day2(self._base, workload.name) if workload.day2 else None
        self.has_day2 = self._day2 is not None

    def _wanted(self):
        return {"generation": GENERATION, "scale": self.scale}

    def is_made(self):
        try:
            with open(self._stamp) as file:
                made = json.load(file)
        except FileNotFoundError:
            return False
        return {key: made.get(key) for key in self._wanted()} == self._wanted()

    def make(self):
        """Makes it unless it lies there, and sets it to day 1."""
        if self.is_made():
            self.to_day1()
            return
        shutil.rmtree(self._base, ignore_errors=True)
        if self.workload.day2 is day2.Swap:
            self.workload.generate(self.current, self.scale, os.path.join(self._base, "next"))
        else:
            self.workload.generate(self.current, self.scale)
        files, size = tree_size(self.current)
        with open(self._stamp, "w") as file:
            json.dump({**self._wanted(), "files": files, "bytes": size}, file)

    def size(self):
        """Files and bytes of day 1."""
        with open(self._stamp) as file:
            made = json.load(file)
        return made["files"], made["bytes"]

    def sources(self):
        """What each host backs up, by its name."""
        if self.workload.hosts == 1:
            return {"h0": self.current}
        names = sorted(os.listdir(self.current))
        return {f"h{i}": os.path.join(self.current, name) for i, name in enumerate(names)}

    def to_day2(self):
        self._day2.apply()

    def to_day1(self):
        if self._day2:
            self._day2.revert()
