"""One sitting: every program on every workload, phase by phase."""

import os
import time
import traceback

from . import trees
from .processes import await_quiet, measure

PHASES = ("first", "unchanged", "day2", "restore", "single", "verify")


class Sitting:
    """Runs the phases and hands each one's figures to `emit`, whatever else fails."""

    def __init__(self, options, site, warm_up_tree, emit):
        self._options = options
        self._site = site
        self._warm_up_tree = warm_up_tree
        self._emit = emit

    def run(self, corpus, peer):
        """All phases of one program on one workload."""
        try:
            _Run(self._options, self._site, self._warm_up_tree, self._emit, corpus, peer).run()
        except Exception as failure:  # the sitting goes on with the next program
            self._emit(_row(corpus, peer, "all", failure=_words(failure)))
            traceback.print_exc()
        finally:
            peer.stop()
            corpus.to_day1()


def _row(corpus, peer, phase, **figures):
    files, size = corpus.size()
    return {
        "workload": corpus.workload.name,
        "scale": corpus.scale,
        "files": files,
        "bytes": size,
        "cores": os.cpu_count(),
        "peer": peer.name,
        "phase": phase,
        **figures,
    }


def _words(failure):
    return f"{type(failure).__name__}: {failure}"[:300]


class _Run:
    def __init__(self, options, site, warm_up_tree, emit, corpus, peer):
        self._options, self._site, self._emit = options, site, emit
        self._corpus, self._peer = corpus, peer
        self._warm_up_tree = warm_up_tree
        self._target = site.path("restored")
        self._tag = "none"
        self._runs = 0
        self._after = 0.0

    def run(self):
        peer, wanted = self._peer, self._options.phases
        for _ in range(self._options.first_runs):
            self._begin(warm=False)
            self._first(start="fresh")
            if peer.resident and not self._corpus.workload.brief:
                self._begin(warm=True)
                self._first(start="warm")
        if peer.resident and self._corpus.workload.hosts > 1:
            self._try(self._first_at_once)
            self._try(self._swept)
        single = "single" in wanted and self._corpus.workload.has_single
        if "unchanged" in wanted:
            self._unchanged()
        if "day2" in wanted and self._corpus.has_day2:
            self._try(self._day2)
        if "restore" in wanted:
            self._try(self._restore)
        if single:
            for _ in range(self._options.runs):
                self._try(self._single)
        if "verify" in wanted:
            self._try(self._verify)
        # Last, since what daemons do after a start is no longer warm.
        if peer.resident:
            if "unchanged" in wanted:
                self._try(self._backup_again, "unchanged-cold", cold=True, start="fresh")
            if "restore" in wanted and not self._corpus.workload.brief:
                self._try(self._restore, start="fresh")
            if single:
                self._try(self._single, start="fresh")

    # ---- phases

    def _begin(self, warm):
        self._peer.fresh(list(self._corpus.sources()))
        self._empty_target()
        if warm:
            self._peer.warm_up(self._warm_up_tree)
        self._settle()
        self._stored_before = self._peer.stored()

    def _first(self, start):
        row = self._measure("first", self._backups(), cold=True, start=start)
        row["stored"] = self._stored()
        self._emit(row)
        if "failure" in row:
            raise RuntimeError(f"the first backup failed: {row['failure']}")

    def _first_at_once(self):
        """All hosts together, into an empty repository of their own."""
        self._begin(warm=True)
        row = self._measure("first-at-once", self._backups(), cold=True, at_once=True)
        row["stored"] = self._stored()
        self._emit(row)

    def _swept(self):
        """What hosts that began together stored each for itself, once."""
        self._peer.let_garbage_go()
        self._settle()
        row = self._measure("swept", self._peer.sweep(), cold=False)
        row["stored"] = self._stored()
        self._emit(row)

    def _unchanged(self):
        for _ in range(1 if self._corpus.workload.brief else self._options.runs):
            self._try(self._backup_again, "unchanged", cold=False)
        if not self._corpus.workload.brief:
            self._try(self._backup_again, "unchanged-cold", cold=True)

    def _day2(self):
        self._corpus.to_day2()
        self._backup_again("day2", cold=True)

    def _backup_again(self, phase, cold, start="warm"):
        self._prepare(start)
        before = self._peer.stored()
        row = self._measure(phase, self._backups(), cold, start)
        row["stored"] = self._stored()
        row["grown"] = self._peer.stored() - before
        self._emit(row)

    def _restore(self, start="warm"):
        self._prepare(start)
        self._empty_target()
        host, source = self._one()
        part = self._corpus.workload.part
        if part:
            commands = self._peer.single(host, self._tag, source, part, self._target)
            source = os.path.join(source, part)
        else:
            commands = self._peer.restore(host, self._tag, source, self._target)
        row = self._measure("restore", commands, cold=True, start=start)
        row["files"], row["bytes"] = trees.tree_size(source)
        self._check(row, lambda: trees.differences(source, self._restored(source)))
        self._emit(row)

    def _single(self, start="warm"):
        self._prepare(start)
        self._empty_target()
        host, source = self._one()
        files = [path for path in trees.all_files(source) if os.path.getsize(path) > 3000]
        path = files[len(files) * 2 // 3]
        relative = os.path.relpath(path, source)
        commands = self._peer.single(host, self._tag, source, relative, self._target)
        if commands:
            row = self._measure("single", commands, cold=True, start=start)
            self._check(row, lambda: self._compare_single(path))
            self._emit(row)

    def _verify(self):
        for phase, commands in self._peer.verify().items():
            self._emit(self._measure(phase, commands, cold=True))

    # ---- what they share

    def _try(self, phase, *arguments, **keywords):
        """A phase that fails is a row, and the next one runs."""
        try:
            phase(*arguments, **keywords)
        except Exception as failure:
            name = arguments[0] if arguments else phase.__name__.strip("_")
            self._emit(_row(self._corpus, self._peer, name, failure=_words(failure)))
            traceback.print_exc()

    def _prepare(self, start):
        if self._peer.resident and start == "fresh":
            self._peer.restart()
            self._settle()

    def _backups(self):
        self._runs += 1
        self._tag = f"run{self._runs}"
        return [
            command
            for host, source in self._corpus.sources().items()
            for command in self._peer.backup(host, self._tag, source)
        ]

    def _measure(self, phase, commands, cold, start="warm", at_once=False):
        daemons, log = self._peer.daemons(), self._site.log
        figures = measure(commands, daemons, log, cold, self._options.timeout, at_once)
        if self._peer.resident:
            figures["start"] = start
        figures["cpu_after"] = round(self._settle(), 3)
        return _row(self._corpus, self._peer, phase, time=int(time.time()), **figures)

    def _settle(self):
        daemons = self._peer.daemons()
        return await_quiet(daemons.client + daemons.server, self._peer.grace)

    def _stored(self):
        return self._peer.stored() - self._stored_before

    def _one(self):
        """The host whose files are restored, and where they are."""
        return next(iter(self._corpus.sources().items()))

    def _restored(self, source):
        return self._peer.restored(self._target, source)

    def _empty_target(self):
        """Puts away what was restored before: see `Site.put_away`."""
        if os.path.isdir(self._target) and os.listdir(self._target):
            self._site.put_away(self._target)
        os.makedirs(self._target, exist_ok=True)

    def _check(self, row, differences):
        if "failure" in row:
            return
        found = differences()
        if found:
            row["failure"] = "restored wrongly: " + "; ".join(found)[:300]

    def _compare_single(self, path):
        found = trees.all_files(self._target)
        if len(found) != 1:
            return [f"{len(found)} files instead of one"]
        return [] if trees.same_bytes(found[0], path) else ["content"]
