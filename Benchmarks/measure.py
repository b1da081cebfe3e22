# SPDX-License-Identifier: Apache-2.0
"""Measures commands beside their peers: alternately, so that both meet the same machine; medians, as ratios."""

import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time


class Bench:
    """The programs under test, a folder prepared by `scripts/demo --prepare`, and what was measured so far."""

    def __init__(self, program: str, prepared: str, runs: int):
        self.program = program
        self.prepared = pathlib.Path(prepared)
        self.runs = runs
        self.rows = []

    def environment(self, folder: pathlib.Path) -> dict:
        """That of a person whose device and home are in a folder."""
        return os.environ | {
            "ISIGNUM_HOME": str(folder / "home"),
            "ISIGNUM_SIMULATOR": str(folder / "simulator.conf"),
            "SOFTHSM2_CONF": str(folder / "softhsm2.conf"),
            "LC_ALL": "C.UTF-8",
        }

    def device(self) -> "Device":
        """A new device, and a home that knows its module and the CA."""
        return Device(self)

    def compare(self, what: str, unit: str, ours: list, peer: str, theirs: list) -> None:
        """Adds a row: medians of both and their ratio."""
        left, right = statistics.median(ours), statistics.median(theirs)
        self.rows.append((what, f"{left:.1f} {unit}", peer, f"{right:.1f} {unit}", f"{left / right:.2f}"))

    def alternate(self, what: str, ours: list, peer: str, theirs: list, environment: dict = None) -> None:
        """Runs two commands in turn and compares their times in milliseconds; the first turn warms up."""
        times = ([], [])
        for turn in range(self.runs + 1):
            for command, measured in zip((ours, theirs), times):
                spent = timed(command, environment)
                if turn > 0:
                    measured.append(spent)
        self.compare(what, "ms", times[0], peer, times[1])

    def table(self) -> str:
        """The rows as Markdown."""
        lines = ["| what | isignum | peer | takes | ratio |", "|---|---|---|---|---|"]
        return "\n".join(lines + [f"| {' | '.join(row)} |" for row in self.rows])


class Device:
    """A simulated device in a folder of its own, which goes with the block that it is used in."""

    def __init__(self, bench: Bench):
        self.bench = bench

    def __enter__(self) -> "Device":
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="isignum-bench-"))
        script = pathlib.Path(__file__).parent.parent / "Tests/SimulatedDevice/provision"
        run([str(script), str(self.folder)])
        shutil.copytree(self.bench.prepared / "home", self.folder / "home")
        self.environment = self.bench.environment(self.folder)
        # The first process that sees a device makes its tokens, and ours tries a module before it trusts it.
        run([self.bench.program, "list", "--json"], self.environment)
        self.module = next(
            line.split('"')[1]
            for line in (self.folder / "home/config.toml").read_text().splitlines()
            if line.startswith("modules")
        )
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.folder)

    def secret(self, name: str) -> pathlib.Path:
        """The file of a secret."""
        return self.folder / "secrets" / name

    def calls(self) -> int:
        """How many PKCS#11 calls the device has met."""
        return sum(1 for _ in (self.folder / "calls.log").open())


def run(command: list, environment: dict = None) -> str:
    """Runs a command that has to succeed (75, "not yet", is what a new request ends with)."""
    done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 75):
        raise SystemExit(f"bench: {command[0]} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def timed(command: list, environment: dict = None) -> float:
    """How long a command takes, in milliseconds."""
    before = time.perf_counter()
    run(command, environment)
    return (time.perf_counter() - before) * 1000
