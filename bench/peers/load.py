"""What the scripts here share: requests for wrk to replay, and what it measured. Not a program.

wrk (`apt-get install wrk`) sends them in turns over 32 keep-alive connections (replay.lua).
"""

import os
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONNECTIONS = 32
THREADS = 2
DEFAULT_RUSHHOUR = os.environ.get("RUSHHOUR", str(ROOT / "build/release/rushhour"))
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # machines preset proxies


def require(program, advice):
    """Its path; ends the run where this machine lacks it."""
    found = shutil.which(program)
    if found is None:
        sys.exit(f"{program} is not to be found: {advice}")
    return found


@dataclass(frozen=True)
class Request:
    """One of those that wrk replays. `headers` without Content-Length."""

    method: str
    path: str
    headers: tuple
    body: str = ""

    def replayed(self):
        """As replay.lua reads it."""
        lines = "".join(f"{name}: {value}\n" for name, value in self.headers)
        return f"{self.method} {self.path}\n{lines}\n{self.body}\n\n"


@dataclass(frozen=True)
class Round:
    """What one server did in one round."""

    per_second: int
    cpu_us: float  # processor time of the server for a request; 0: it is not ours to ask


def cpu_seconds(process):
    """Of a process and its threads, up to now."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def drive(name, url, requests, seconds, process=None):
    """One round; ends the run when a request was refused: a server that refuses quickly must not look quick."""
    require("wrk", "apt-get install wrk")
    begin = cpu_seconds(process) if process else 0
    with tempfile.NamedTemporaryFile("w", suffix=".requests") as file:
        file.write("".join(request.replayed() for request in requests))
        file.flush()
        out = subprocess.run(
            ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", HERE / "replay.lua", url],
            env={**os.environ, "REPLAY": file.name}, capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(process) - begin if process else 0
    count, rate, refused, broken = map(int, re.search(
        r"requests=(\d+) requests_per_second=(\d+) refused=(\d+) broken=(\d+)", out).groups())
    median = re.search(r"Latency Distribution\s+50%\s+(\S+)", out)
    cpu_us = 1e6 * used / max(count, 1)
    print(f"{name}: {rate:,} requests/s, median {median.group(1) if median else '?'}, "
          + (f"{cpu_us:.1f} us CPU of the server for each, " if process else "")
          + f"refused {refused}, broken {broken}", flush=True)
    if refused or broken or not count:
        sys.exit(f"{name}: not every request was answered with 200, so the figure says nothing")
    return Round(per_second=rate, cpu_us=cpu_us)


def median_rate(rounds):
    return statistics.median(each.per_second for each in rounds)


def median_cpu_us(rounds):
    return statistics.median(each.cpu_us for each in rounds)


def start_rushhour(executable, state_file):
    """`rushhour serve` with the world of a state file: the process, and the line that it printed."""
    require(executable, "build it by `cmake --workflow --preset release`, or name another by RUSHHOUR=FILE")
    process = subprocess.Popen([executable, "serve", "--port", "0", "--state", state_file],
                               stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline() if select.select([process.stdout], [], [], 10)[0] else ""
    if not line:
        stop(process)
        sys.exit("rushhour serve did not start within 10 s")
    return process, line


def stop(process):
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
