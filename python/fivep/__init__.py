"""Runs and reads studies of `fivep`, a simulator of how a country answers human trafficking.

The module holds no logic of its own: it calls the program that comes with it and reads the tables that the program writes.

    import fivep

    study = fivep.run("borderland", replicates=8)          # a study on disk: study.folder
    study.compare(indicators=["exploited", "identified"])  # differences to the baseline, as a frame
    study.months(["exploited"])                            # a row for each replicate, variant and month

What a result means, and how far it can be trusted, the program's own text says: `print(study.text())`.
"""

from __future__ import annotations

import contextlib
import json
import numbers
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import tomllib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Union

if TYPE_CHECKING:
    import pandas
    import polars

    Frame = Union[polars.DataFrame, pandas.DataFrame]

__all__ = ["Fault", "Study", "call", "compare", "program", "read", "run"]

Library = Literal["polars", "pandas"]


class Fault(Exception):
    """What the program refused or could not do, in its own words.

    `code` is its exit code: 2 where something that was asked for is wrong, 1 where the machine failed, 128 and more after a signal.
    """

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code


class Study:
    """A run folder: its tables as frames, and what the program says about it."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder).resolve()
        try:
            told = tomllib.loads((self.folder / "manifest.toml").read_text(encoding="utf-8"))
            told["scenario"]["name"], told["format"]
        except (KeyError, TypeError, ValueError) as damage:
            raise Fault(f"the manifest of `{self.folder}` is damaged ({damage}): run the scenario again", 1) from damage
        #: What was run (`["scenario"]`), by which version, when; and the length and sum of each file.
        self.manifest: dict[str, Any] = told

    def __fspath__(self) -> str:
        """A study may be given wherever a run folder is: `fivep.compare(study)`, `fivep.call("chart", study)`."""
        return str(self.folder)

    def __repr__(self) -> str:
        return f"fivep.read({str(self.folder)!r})"

    def months(self, figures: str | list[str] | None = None, library: Library | None = None) -> Frame:
        """A row for each replicate, variant and month; of the indicators only those named, or all."""
        return self._table("months", [], figures, library)

    def sectors(self, figures: str | list[str] | None = None, library: Library | None = None) -> Frame:
        """A row for each replicate, variant, month and sector."""
        return self._table("sectors", ["sector"], figures, library)

    def origins(self, figures: str | list[str] | None = None, library: Library | None = None) -> Frame:
        """A row for each replicate, variant, month and origin, citizens last."""
        return self._table("origins", ["origin"], figures, library)

    def stages(self, figures: str | list[str] | None = None, library: Library | None = None) -> Frame:
        """A row for each replicate, variant, month and stage of a case."""
        return self._table("stages", ["stage"], figures, library)

    def compare(self, library: Library | None = None, **options: Any) -> Frame:
        """A row for each variant and indicator: the mean difference to the baseline, its interval, a verdict.

        `options` are those of `fivep compare`, with underscores: `against="no-package"`, `indicators=["exploited"]`.
        """
        return compare(self.folder, library, **options)

    def text(self, **options: Any) -> str:
        """What `fivep compare` prints for people: the answer, how sure, at what cost."""
        return call("compare", self.folder, **options)

    def brief(self, **options: Any) -> str:
        """Writes the briefing into the run folder, as HTML and PDF; returns what the program says about it."""
        return call("brief", self.folder, **options)

    def _table(self, name: str, part: list[str], figures: str | list[str] | None, library: Library | None) -> Frame:
        file = self.folder / f"{name}.parquet"
        asked = [figures] if isinstance(figures, str) else figures
        columns = None if asked is None else list(dict.fromkeys(["variant", "replicate", "month", *part, *asked]))
        if _library(library) == "polars":
            import polars

            return polars.read_parquet(file, columns=columns)
        import pandas

        return pandas.read_parquet(file, columns=columns)


def run(scenario: str | os.PathLike[str] = "thailand-2016", **options: Any) -> Study:
    """Simulates a shipped scenario or a scenario file, and returns the study.

    `options` are those of `fivep run`, with underscores: `replicates=20, scale=100, only=["crackdown"], output="studies"`.
    """
    said: list[str] = []
    _json("run", scenario, options, said)
    return Study(_folder(said))


def compare(scenario: str | os.PathLike[str] = "thailand-2016", library: Library | None = None, **options: Any) -> Frame:
    """Simulates a scenario, or reads a run folder, and compares its variants: see `Study.compare`."""
    told = _json("compare", scenario, options)
    if not told["effects"]:
        raise Fault("there is only the baseline, so there is nothing to compare: run other variants too, or read the study by its months", 2)
    return _rows(told["effects"], library)


def read(folder: str | os.PathLike[str]) -> Study:
    """A study that lies on disk already, by its run folder."""
    if not (Path(folder) / "manifest.toml").is_file():
        raise Fault(f"`{folder}` is no run folder: it holds no manifest.toml; `fivep runs` lists run folders", 2)
    return Study(folder)


def call(verb: str, *arguments: str | os.PathLike[str], **options: Any) -> str:
    """What the program prints, for any verb: `fivep.call("levers", "shelters")`. Its remarks go to stderr as they come."""
    return _call([verb, *(os.fspath(argument) for argument in arguments)], options, [])


def program() -> str:
    """Where the program lies: beside this interpreter, or on the path."""
    name = "fivep" + (sysconfig.get_config_var("EXE") or "")
    for scheme in (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")):
        path = Path(sysconfig.get_path("scripts", scheme)) / name
        if path.is_file():
            return str(path)
    found = shutil.which("fivep")
    if found is None:
        raise FileNotFoundError("the program `fivep` is neither beside this interpreter nor on the path; `pip install fivep` brings it")
    return found


def _call(arguments: list[str], options: dict[str, Any], said: list[str]) -> str:
    command = [program(), *arguments, *_flags(options)]
    printed: list[str] = []
    # A path may hold bytes that are no text, and is handed back as it came.
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="surrogateescape"
    ) as process:
        # Both pipes are read at once, so that neither fills up; remarks are passed on while the work goes on.
        readers = [threading.Thread(target=_keep, args=(process.stdout, printed)), threading.Thread(target=_pass_on, args=(process.stderr, said))]
        for reader in readers:
            reader.start()
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # From a terminal the program heard it too, keeps what is finished, and ends; else it is told.
            try:
                process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                process.wait()
            raise
        finally:
            for reader in readers:
                reader.join()
    if code != 0:
        raise Fault("\n".join(line for line in said if line) or f"the program ended with code {code}", code if code > 0 else 128 - code)
    return "".join(printed)


def _keep(pipe: IO[str], kept: list[str]) -> None:
    kept.append(pipe.read())


def _pass_on(pipe: IO[str], said: list[str]) -> None:
    refused = False
    for line in pipe:
        said.append(line.rstrip("\n"))
        # What was refused is told once, by the exception.
        refused = refused or line.startswith("error: ")
        if not refused and not _silent(line):
            # A notebook without a standard error must not end the study.
            with contextlib.suppress(Exception):
                sys.stderr.write(line)


def _silent(line: str) -> bool:
    """Whether a remark is only the run folder, which the study knows."""
    return not line.strip() or re.fullmatch(r"\S.*[\\/]\d{4,}-[0-9a-f]{8}\n?", line) is not None


def _folder(said: list[str]) -> str:
    """The run folder is the last that the program says."""
    return [line for line in said if line.strip()][-1]


def _flags(options: dict[str, Any]) -> list[str]:
    flags = []
    for name, value in options.items():
        # `from` is a word of Python's own: `from_="2016-01"`.
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            flags.append(flag)
        elif isinstance(value, (list, tuple)):
            flags.append(f"{flag}={','.join(map(str, value))}")
        elif isinstance(value, (str, numbers.Real, os.PathLike)):
            flags.append(f"{flag}={os.fspath(value) if isinstance(value, os.PathLike) else value}")
        else:
            raise TypeError(f"`{name}` is a {type(value).__name__}: give a text, a number, True or False, or a list of them")
    return flags


def _json(verb: str, what: str | os.PathLike[str], options: dict[str, Any], said: list[str] | None = None) -> dict[str, Any]:
    if "format" in options or "help" in options:
        raise TypeError("`format` and `help` are for `fivep.call`: what comes from here are frames")
    told: dict[str, Any] = json.loads(_call([verb, os.fspath(what)], {**options, "format": "json"}, [] if said is None else said))
    return told


def _library(asked: Library | None) -> Library:
    if asked in ("polars", "pandas"):
        return asked
    if asked is not None:
        raise ValueError(f"there are frames of polars and of pandas, and none of {asked!r}")
    import importlib.util

    libraries: tuple[Library, ...] = ("polars", "pandas")
    for library in libraries:
        if importlib.util.find_spec(library) is not None:
            return library
    raise ImportError("frames need polars or pandas: `pip install fivep[polars]` or `pip install fivep[pandas]`")


def _rows(rows: list[dict[str, Any]], library: Library | None) -> Frame:
    if _library(library) == "polars":
        import polars

        return polars.DataFrame(rows, infer_schema_length=None)
    import pandas

    # Columns with gaps keep their type, so that they can be filtered by.
    return pandas.DataFrame(rows).convert_dtypes()
