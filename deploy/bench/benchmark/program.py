"""What the programs of deploy/bench that measure one thing each have in common."""

import argparse
import json
import os
import signal
import sys
import time
import traceback

from . import machine
from .holdfast import ROOT


class _OutOfTime(RuntimeError):
    pass


def parser(about, name, minutes):
    """With the options that all have; `minutes` after which it is given up."""
    found = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    base = os.environ.get("HOLDFAST_BENCH_DIR", os.path.expanduser("~/.holdfast-bench"))
    add = found.add_argument
    add("--work", default=os.path.join(base, name), help="where everything lies (%(default)s)")
    add("--keep", action="store_true", help="keep what was made")
    add(
        "--max-minutes",
        type=float,
        default=minutes,
        help="then it ends, and prints what it has (default %(default)g)",
    )
    add("--out", help="JSON lines to append to (default: WORK/results-TIME.jsonl)")
    return found


def run(options, measure, markdown):
    """Measures, prints a line for each figure and the table at the end; the exit code.

    `measure` takes the options and what takes a figure. Ends with 1 if anything failed; a goal that
    was missed is only said.
    """
    if os.geteuid() != 0:
        sys.exit("needs root, for the page cache and the peaks of other processes")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    signal.signal(signal.SIGALRM, _give_up)
    options.work = os.path.abspath(options.work)
    options.scale = getattr(options, "scale", 1)
    os.makedirs(options.work, exist_ok=True)
    if options.out is None:
        stamp = time.strftime("%Y-%m-%dT%H-%M-%S")
        options.out = os.path.join(options.work, f"results-{stamp}.jsonl")
    rows = []
    began = time.monotonic()
    with open(options.out, "a") as out:

        def emit(row):
            rows.append(row)
            out.write(json.dumps(row) + "\n")
            out.flush()
            words = ", ".join(f"{key} {_shown(value)}" for key, value in row.items())
            print(f"{time.monotonic() - began:6.0f} s  {words}", flush=True)

        emit(machine.describe(ROOT, options))
        signal.setitimer(signal.ITIMER_REAL, options.max_minutes * 60)
        try:
            measure(options, emit)
        except Exception as failure:  # what is there already is printed all the same
            traceback.print_exc()
            emit({"phase": "all", "failure": f"{type(failure).__name__}: {failure}"[:300]})
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    sitting = rows[0]
    print(
        f"\n{sitting['sitting']}, commit {sitting['commit']}: {sitting['cores']} cores"
        f" ({sitting['cpu']}), {sitting['memory_gib']} GiB, {sitting['file_system']},"
        f" {sitting['system']}, kernel {sitting['kernel']}\n\n{markdown(rows[1:])}\n"
    )
    failures = [row for row in rows if "failure" in row]
    for row in failures:
        print(f"FAILED  {row.get('phase', '')}: {row['failure']}")
    print(f"{time.monotonic() - began:.0f} s; figures: {options.out}")
    return 1 if failures else 0


def _give_up(*_):
    raise _OutOfTime("out of time: see --max-minutes")


def _shown(value):
    return f"{value:.3f}" if isinstance(value, float) else value


def others(row):
    """Share of the machine that other processes took meanwhile."""
    return row["cpu_others"] / row["wall"] / os.cpu_count()


def table(head, lines):
    """A Markdown table; the first column is text."""
    form = "|".join(["---"] + ["--:"] * (len(head) - 1))
    cells = [" | ".join(str(cell) for cell in line) for line in lines]
    return "\n".join([f"| {' | '.join(head)} |", f"|{form}|", *(f"| {line} |" for line in cells)])


def goal(words, met):
    return f"- {words}: {'met' if met else '**missed**'}"
