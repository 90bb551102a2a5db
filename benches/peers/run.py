"""Times the same small model in fivep's pass and in what a user would take instead.

    python3.12 benches/peers/run.py            everything: install, build, check, time, write docs
    python3.12 benches/peers/run.py --check    install, build and check the outcomes only
    python3.12 benches/peers/run.py --redraw   the table and the figure again, from results.json

README.md beside this file tells what is compared and how. Needs Python 3.12 with `venv` and `cargo`; each Python
implementation gets an environment of its own with the versions of its requirements.txt.
"""

import argparse
import copy
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import report
from chain import Chain
from expectation import distances

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PARAMETERS = HERE / "parameters.json"
RESULTS = HERE / "results.json"
DEFAULT_ENV = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fivep-peers"

MONTHS = 120
SIZES = (100_000, 1_000_000)
# Standard errors that an outcome may lie from the exact expectation: at the end, and the worst of all 600 counts.
# Each is passed by chance about once in several thousand right runs.
AT_END, ANYWHERE = 4.0, 5.0

# One thread everywhere, and numpy with the kernels that it chooses itself.
THREADS = ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
ENVIRONMENT |= {f"{name}_NUM_THREADS": "1" for name in THREADS} | {"POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "0"}


@dataclass(frozen=True)
class Peer:
    """One implementation: its name in the table, its folder, what it is and how it is called."""

    name: str
    folder: str
    kind: str
    words: tuple = ()

    def version(self):
        """The pinned version, from the file that pins it."""
        if self.folder == "fivep":
            return re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.M)[1]
        if (HERE / self.folder / "Cargo.toml").exists():
            return re.search(rf'^{self.folder} = "=(.+)"', (HERE / self.folder / "Cargo.toml").read_text(), re.M)[1]
        pins = (HERE / self.folder / "requirements.txt").read_text().replace("_", "-")
        return re.search(rf"^{self.folder}==(.+)", pins, re.M | re.I)[1]


PEERS = (
    Peer("fivep's pass", "fivep", "fivep"),
    Peer("Mesa", "mesa", "framework"),
    Peer("mesa-frames", "mesa-frames", "framework"),
    Peer("Starsim", "starsim", "framework"),
    Peer("krABMaga", "krabmaga", "framework"),
    Peer("ixa, planned moves", "ixa", "framework"),
    Peer("ixa, monthly pass", "ixa", "framework", ("pass",)),
    Peer("henad", "henad", "framework"),
    Peer("numpy", "numpy", "library"),
    Peer("numba", "numba", "library"),
)


class Fault(Exception):
    """Something that the user must hear of: what failed, and what it said."""


def call(words, **options):
    """Runs a command that prepares something; raises Fault with the end of what it printed."""
    try:
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)
    except OSError as fault:
        raise Fault(f"{words[0]}: {fault}") from fault
    if done.returncode != 0:
        raise Fault(f"`{' '.join(map(str, words))}` failed:\n" + "\n".join((done.stderr or done.stdout).splitlines()[-8:]))
    return done.stdout


def environment(folder, requirements):
    """The Python of an environment that holds exactly `requirements`; made if it is not there or holds others."""
    python, stamp = folder / "bin" / "python", folder / "requirements.txt"
    wanted = requirements.read_text()
    if not (stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        call([sys.executable, "-m", "venv", folder])
        call([python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--no-deps", "--requirement", requirements])
        stamp.write_text(wanted)
    return python


def command(peer, env):
    """Installs or builds `peer`; the words that run it, without FILE PERSONS MONTHS SEED."""
    folder = HERE / peer.folder
    if peer.folder == "fivep":
        told = call(["cargo", "bench", "--locked", "--no-default-features", "--no-run", "--bench", "peer", "--message-format", "json"], cwd=ROOT)
        messages = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
        return [next(m["executable"] for m in messages if m.get("target", {}).get("name") == "peer" and m.get("executable"))]
    if (folder / "Cargo.toml").exists():
        call(["cargo", "build", "--release", "--locked", "--target-dir", env / "crates"], cwd=folder)
        return [env / "crates" / "release" / f"{peer.folder}-peer"]
    return [environment(env / peer.folder, folder / "requirements.txt"), folder / "model.py"]


def run(words, peer, persons, months, seed):
    """One run as a process of its own: its outcome, its CPU seconds (user and system) and its wall seconds."""
    words = [*words, PARAMETERS, persons, months, seed, *peer.words]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        child = subprocess.Popen([str(word) for word in words], stdout=out, stderr=err, env=ENVIRONMENT)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        if child.returncode != 0:
            raise Fault(f"{peer.name} stopped with {child.returncode}:\n{err.read().decode(errors='replace')[-2000:]}")
        # Some libraries greet before they work.
        lines = out.read().decode(errors="replace").splitlines()
    try:
        return json.loads(lines[-1]), used.ru_utime + used.ru_stime, wall
    except (IndexError, ValueError) as fault:
        raise Fault(f"{peer.name} printed no outcome: {lines[-3:]}") from fault


def cost_of(chain, words, peer, persons, months, seed):
    """What one run costs, and of it what is not the months; the run is judged. Raises Fault if the outcome disagrees.

    Python reads its own CPU clock as the months begin and end. Rust's standard library has none, but those programs start
    and end the same way every time, so that part is what the same program takes for no months at all.
    """
    outcome, cpu, wall = run(words, peer, persons, months, seed)
    setup = cpu - outcome["alone"] if "alone" in outcome else run(words, peer, persons, 0, seed)[1]
    told = judge(chain, peer, persons, months, outcome)
    return {"setup": setup, "cpu": cpu, "wall": wall, "peak_kb": outcome["peak_kb"]}, told, outcome


def judge(chain, peer, persons, months, outcome):
    """Raises Fault unless the outcome agrees with the exact expectation; else how many standard errors it is off."""
    try:
        anywhere, at_end, moves = distances(chain, persons, months, outcome)
    except ValueError as fault:
        raise Fault(f"{peer.name} disagrees: {fault}") from fault
    told = f"{at_end:.1f} standard errors at the end, {anywhere:.1f} at worst, {moves:.1f} in moves"
    if max(at_end, moves) > AT_END or anywhere > ANYWHERE:
        raise Fault(f"{peer.name} disagrees with the exact expectation: {told}")
    return told


# What the check must be able to tell from the right model: state, way out of it, factor on its chance.
WRONG = {
    "a twentieth fewer depart": ("home", 0, 0.95),
    "a sixth more are exploited": ("working", 1, 7 / 6),
    "twice as many are identified": ("exploited", 2, 2.0),
}


def wrong_models(chain):
    """Chains that differ from the right one by a little."""
    for name, (state, way, factor) in WRONG.items():
        wrong = copy.deepcopy(chain)
        first = chain.states.index(state) * chain.groups
        for limits in wrong.limits[first : first + chain.groups]:
            gain = (limits[way] - (limits[way - 1] if way else 0.0)) * (factor - 1.0)
            limits[way:] = [limit + gain for limit in limits[way:]]
        yield name, wrong


def check(chain, commands):
    """Runs everyone once; drops those who disagree. Returns the cost of each who agrees, and the faults."""
    costs, faults = {}, {}
    for peer, words in commands.items():
        try:
            costs[peer], told, outcome = cost_of(chain, words, peer, SIZES[0], MONTHS, 1)
            print(f"  {peer.name}: {told}")
            for name, wrong in wrong_models(chain):
                try:
                    judge(wrong, peer, SIZES[0], MONTHS, outcome)
                except Fault:
                    continue
                raise Fault(f"{peer.name}: the check cannot tell this outcome from a model in which {name}")
        except Fault as fault:
            costs.pop(peer, None)
            faults[peer] = str(fault)
            print(f"  {fault}", file=sys.stderr)
    return costs, faults


def measure(chain, commands, costs, asked):
    """All rounds, one implementation after the other within each, at each size."""
    rows = []
    for persons in SIZES:
        plan = {}
        for peer, cost in costs.items():
            expected = cost["setup"] + (cost["cpu"] - cost["setup"]) * persons / SIZES[0]
            months = MONTHS if expected <= asked.longest else max(12, 12 * int(MONTHS / 12 * asked.longest / expected))
            plan[peer] = months, asked.rounds if expected <= asked.slow else min(2, asked.rounds)
        runs = {peer: [] for peer in plan}
        for turn in range(asked.rounds):
            for peer, (months, rounds) in plan.items():
                if turn < rounds:
                    cost, _, _ = cost_of(chain, commands[peer], peer, persons, months, turn + 1)
                    runs[peer].append(cost)
            print(f"  {persons:,} persons: round {turn + 1} of {asked.rounds}")
        for peer, costs_of in runs.items():
            rows.append({"name": peer.name, "kind": peer.kind, "version": peer.version(), "persons": persons, "months": plan[peer][0], "runs": costs_of})
    return rows


def machine():
    """The processor and how many of it there are."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        text = info.read_text()
        model = (re.search(r"^model name\s*: (.+)$", text, re.M) or [None, model])[1]
        flags = (re.search(r"^flags\s*: (.+)$", text, re.M) or [None, ""])[1].split()
        widest = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), None)
        model += f" with {widest}" if widest else ""
        model += ", virtual machine" if "hypervisor" in flags else ""
    return f"{model}, {os.cpu_count()} processors, {platform.system()}"


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--env", type=Path, default=DEFAULT_ENV, help="where environments and builds go (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds at each size (default: %(default)s)")
    parser.add_argument("--slow", type=float, default=10.0, help="CPU seconds from which two rounds must do (default: %(default)s)")
    parser.add_argument("--longest", type=float, default=120.0, help="CPU seconds from which fewer months are timed (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="check the outcomes, time nothing, write nothing")
    parser.add_argument("--redraw", action="store_true", help="write the table and the figure from results.json")
    if sys.version_info[:2] != (3, 12):
        parser.error(f"the versions are pinned for Python 3.12, and this is {platform.python_version()}")
    return parser.parse_args()


def main():
    asked = arguments()
    if not asked.redraw:
        print("installing and building")
        commands, faults = {}, {}
        for peer in PEERS:
            try:
                commands[peer] = command(peer, asked.env)
            except Fault as fault:
                faults[peer] = str(fault)
                print(f"  {peer.name}: {fault}", file=sys.stderr)
        print("checking the outcomes")
        chain = Chain(PARAMETERS)
        costs, disagreeing = check(chain, commands)
        faults |= disagreeing
        if asked.check:
            return 1 if faults else 0
        if not any(peer.kind == "fivep" for peer in costs):
            raise Fault("fivep's pass cannot be timed, so there is nothing to compare")
        print("timing")
        rows = measure(chain, commands, costs, asked)
        left_out = {peer.name: fault.splitlines()[0] for peer, fault in faults.items()}
        day = datetime.date.today().isoformat()
        RESULTS.write_text(json.dumps({"machine": machine(), "day": day, "left_out": left_out, "rows": rows}, indent=1) + "\n")
    results = json.loads(RESULTS.read_text())
    python = environment(asked.env / "figure", HERE / "requirements.txt")
    call([python, HERE / "figure.py", RESULTS, ROOT / "docs" / "peers.svg"])
    report.write(results, ROOT / "docs" / "PERFORMANCE.md")
    print(report.text(results))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Fault, OSError, json.JSONDecodeError) as fault:
        sys.exit(f"error: {fault}")
