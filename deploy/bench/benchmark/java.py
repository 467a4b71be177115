"""Java programs of deploy/bench, on the libraries of the built distribution."""

import glob
import json
import os
import shlex
import subprocess

from .holdfast import ROOT
from .processes import Command

_BENCH = os.path.join(ROOT, "deploy", "bench")
# What the launcher gives a coordinator's Java, and enough for one that only asks.
COORDINATOR = ("-Xmx512m", "-XX:G1HeapRegionSize=8m", "-XX:+UseCompactObjectHeaders")
ASKER = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def command(program, *arguments, options=COORDINATOR, output=None):
    """Runs a file of deploy/bench from its source; what it prints goes to the file `output`."""
    jars = glob.glob(os.path.join(ROOT, "deploy", "target", "holdfast", "lib", "*.jar"))
    if not jars:
        raise RuntimeError("build Holdfast first: ./deploy/quickstart, or mvn package")
    find = os.path.join(ROOT, "deploy", "lib", "find-java")
    found = f'source {shlex.quote(find)}; find_java; exec "$JAVA_HOME/bin/java" "$@"'
    if output:
        found += f" >{shlex.quote(output)}"
    argv = [
        "bash", "-c", found, "java", *options, "--enable-native-access=ALL-UNNAMED",
        "-cp", ":".join(jars), os.path.join(_BENCH, program), *map(str, arguments),
    ]  # fmt: skip
    return Command(argv, {"MALLOC_ARENA_MAX": "2"})


def lines(program, *arguments, options=COORDINATOR):
    """The JSON lines that it printed, once it has ended."""
    run = command(program, *arguments, options=options)
    done = subprocess.run(
        run.argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **run.env},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{program} {arguments[0]} ended with code {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
