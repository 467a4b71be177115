"""Turns a corpus into the next day's, and back."""

import json
import os
import shutil
import stat

from .content import lognorm, rng, text
from .trees import all_files, stamp


class Swap:
    """Day 2 is a tree of its own, `next`, which changes places with `cur`."""

    def __init__(self, base, name):
        self._current, self._next, self._previous = (
            os.path.join(base, folder) for folder in ("cur", "next", "previous")
        )

    def apply(self):
        if os.path.isdir(self._next):
            os.rename(self._current, self._previous)
            os.rename(self._next, self._current)

    def revert(self):
        if os.path.isdir(self._previous):
            os.rename(self._current, self._next)
            os.rename(self._previous, self._current)


class Edits:
    """Changes 0.5 % of the files in place; renames, moves, deletes and adds 0.05 % each.

    What undoes it lies in `undo`.
    """

    def __init__(self, base, name):
        self._name = name
        self._current = os.path.join(base, "cur")
        self._undo = os.path.join(base, "undo")

    def apply(self):
        os.makedirs(self._undo)
        self._random = rng(self._name, "day2")
        self._log, self._folders = [], {}
        files = [path for path in all_files(self._current) if os.path.getsize(path) > 0]
        self._random.shuffle(files)
        changed, others = max(4, len(files) // 200), max(2, len(files) // 2000)
        for number, path in enumerate(files[:changed]):
            self._change(path, number)
        at = changed
        for path in files[at : at + others]:
            self._rename(path, path + ".renamed")
        at += others
        for number, path in enumerate(files[at : at + others]):
            folder = os.path.dirname(files[(at + number) * 7 % len(files)])
            self._rename(path, os.path.join(folder, f"moved-{number}-{os.path.basename(path)}"))
        at += others
        for number, path in enumerate(files[at : at + others]):
            self._rename(path, os.path.join(self._undo, f"d{number}"))
        at += others
        for number, path in enumerate(files[at : at + others]):
            self._add(os.path.join(os.path.dirname(path), f"new-{number}.txt"), number)
        for folder in sorted(self._folders, key=len, reverse=True):
            stamp(folder, -10_000)
        with open(os.path.join(self._undo, "undo.json"), "w") as file:
            json.dump({"log": self._log, "folders": self._folders}, file)

    def _remember_folders(self, path):
        folder = os.path.dirname(path)
        while folder.startswith(self._current):
            if folder not in self._folders and os.path.isdir(folder):
                self._folders[folder] = os.stat(folder).st_mtime_ns
            folder = os.path.dirname(folder)

    def _change(self, path, number):
        self._remember_folders(path)
        kept = os.path.join(self._undo, f"c{number}")
        shutil.copy2(path, kept)
        self._log.append(("change", path, kept))
        with open(path, "rb") as file:
            data = bytearray(file.read())
        random = self._random
        match number % 4:
            case 0:
                data += text(random, random.randrange(20, max(40, len(data) // 10)), "prose")
            case 1:
                at = random.randrange(len(data))
                data[at:at] = text(random, random.randrange(1, 500), "prose")
            case _:
                for _ in range(1 + random.getrandbits(2)):
                    at = random.randrange(len(data))
                    patch = random.randbytes(random.randrange(1, 200))
                    data[at : at + len(patch)] = patch
        with open(path, "wb") as file:
            file.write(data)
        stamp(path, -3600 - number)

    def _rename(self, path, to):
        self._remember_folders(path)
        self._remember_folders(to)
        os.rename(path, to)
        self._log.append(("rename", path, to))

    def _add(self, path, number):
        self._remember_folders(path)
        random = self._random
        with open(path, "wb") as file:
            file.write(text(random, lognorm(random, 4000, 1, 100, 100_000)))
        stamp(path, -7200 - number)
        self._log.append(("add", path, ""))

    def revert(self):
        try:
            with open(os.path.join(self._undo, "undo.json")) as file:
                undo = json.load(file)
        except FileNotFoundError:
            if os.path.isdir(self._undo):
                raise SystemExit(f"{self._undo} is half done: delete {os.path.dirname(self._undo)}")
            return
        for what, path, other in reversed(undo["log"]):
            match what:
                case "change":
                    _copy_over(other, path)
                case "rename":
                    os.rename(other, path)
                case "add":
                    os.unlink(path)
        for folder, time in sorted(undo["folders"].items(), key=lambda item: -len(item[0])):
            if os.path.isdir(folder):
                os.utime(folder, ns=(time, time))
        shutil.rmtree(self._undo)


def _copy_over(source, target):
    """Keeps the target's inode."""
    with open(source, "rb") as kept, open(target, "wb") as file:
        shutil.copyfileobj(kept, file)
    status = os.stat(source)
    os.chmod(target, stat.S_IMODE(status.st_mode))
    os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))
