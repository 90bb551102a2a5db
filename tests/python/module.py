"""What the Python module promises, tried on the installed wheel by packaging/try."""

import contextlib
import io
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import pandas
import polars

import fivep

OPTIONS = {"replicates": 4, "scale": 20, "only": ["crackdown"], "parameters": "best"}


class Module(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.output = Path(folder.name) / "output"

    def test_a_study_is_run_read_and_compared(self) -> None:
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            study = fivep.run("borderland", **OPTIONS, output=self.output)
        self.assertIn("warning: the baseline: the budget line training can pay", said.getvalue())
        self.assertNotIn(str(study.folder), said.getvalue())
        self.assertEqual(study.manifest["scenario"]["name"], "borderland")
        months = study.months(["exploited"])
        self.assertIsInstance(months, polars.DataFrame)
        self.assertEqual(months.columns, ["variant", "replicate", "month", "exploited"])
        self.assertEqual(months.height, 4 * 2 * 48)
        self.assertEqual(sorted(months["variant"].cast(polars.String).unique()), ["baseline", "crackdown"])
        self.assertIsInstance(study.sectors(["new_victims"], library="pandas"), pandas.DataFrame)
        self.assertEqual(study.stages().height % months.height, 0)
        self.assertIn("citizens", study.origins().get_column("origin").cast(polars.String))

        effects = study.compare(indicators=["exploited"])
        [row] = effects.filter(polars.col("indicator") == "exploited").rows(named=True)
        self.assertEqual((row["variant"], row["against"]), ("crackdown", "baseline"))
        # The module adds nothing to what the program says; the same differences follow from the rows.
        window = months.filter(polars.col("month").dt.year() >= 2016).with_columns(polars.col("variant").cast(polars.String))
        means = window.group_by("variant").agg(polars.col("exploited").mean()).sort("variant")["exploited"]
        self.assertAlmostEqual(row["difference"], means[1] - means[0], places=6)
        again = fivep.read(study.folder).compare(library="pandas", indicators=["exploited"], from_="2016-01")
        self.assertEqual(again["difference"][0], row["difference"])
        self.assertEqual(len(again[~again["stands_among_all"].fillna(True)]), int(not row["stands_among_all"]))
        self.assertEqual(study.months("exploited").columns, months.columns)
        self.assertEqual(fivep.compare(study, indicators=["exploited"])["difference"][0], row["difference"])
        self.assertIn("Mean differences to", study.text())

    def test_a_fault_is_an_exception_with_the_programs_words(self) -> None:
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(fivep.Fault) as caught:
            fivep.run("thailand-2015", output=self.output)
        self.assertEqual(caught.exception.code, 2)
        self.assertIn("thailand-2015", str(caught.exception))
        with self.assertRaises(fivep.Fault):
            fivep.read(self.output)
        self.assertFalse(self.output.exists())

    def test_what_cannot_be_meant_is_refused(self) -> None:
        with self.assertRaises(TypeError):
            fivep.compare("borderland", only={"crackdown"})
        with self.assertRaises(TypeError):
            fivep.compare("borderland", help=True)
        with contextlib.redirect_stderr(io.StringIO()):
            study = fivep.run("borderland", **OPTIONS, output=self.output)
        with self.assertRaises(ValueError):
            study.compare(library="arrow")
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(fivep.Fault) as caught:
            fivep.compare("borderland", **{**OPTIONS, "only": ["baseline"]}, output=self.output)
        self.assertIn("only the baseline", str(caught.exception))
        (study.folder / "manifest.toml").write_text("format = ")
        with self.assertRaises(fivep.Fault):
            fivep.read(study.folder)

    def test_an_interrupt_ends_the_program_and_loses_nothing(self) -> None:
        code = "import fivep, sys; fivep.run('borderland', replicates=400, scale=5, jobs=1, parameters='best', output=sys.argv[1])"
        child = subprocess.Popen([sys.executable, "-c", code, str(self.output)], stderr=subprocess.PIPE, text=True)
        time.sleep(4)
        # Only the interpreter hears it, as from a notebook's button.
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
        self.assertIn("KeyboardInterrupt", said)
        self.assertIn("the same command goes on from there", said)

    def test_the_module_is_the_program_too(self) -> None:
        version = fivep.call("--version")
        self.assertRegex(version, r"^fivep \d+\.\d+\.\d+")
        told = subprocess.run([sys.executable, "-m", "fivep", "--version"], capture_output=True, text=True, check=True)
        self.assertEqual(told.stdout, version)


if __name__ == "__main__":
    unittest.main()
