"""What the notebooks share: run the command, read its tables, draw with intervals.

Tables are Arrow files. read() takes pyarrow where it is installed, else polars, else the command's own
`export`; all three give the same pandas frame. Set COLLECTSIM to the program if it is neither in ../bin
nor on the PATH.
"""

import io
import json
import os
import pathlib
import shutil
import subprocess

import matplotlib.pyplot as plt
import pandas as pd

HERE = pathlib.Path(__file__).resolve().parent
RUNS = pathlib.Path(os.path.relpath(HERE / ".runs"))  # results of the notebooks; may be deleted

# Okabe and Ito (2008): told apart by colour-blind readers; styles for grey prints.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
STYLES = ["-", "--", ":", "-.", "-", "--", ":"]


def program():
    """The command, or an error that says how to get it."""
    for path in (os.environ.get("COLLECTSIM"), HERE.parent / "bin" / "collectsim", shutil.which("collectsim")):
        if path and os.access(path, os.X_OK):
            return str(path)
    raise FileNotFoundError("collectsim is not built: run `make build` in the project's folder, or set COLLECTSIM")


def command(*args):
    """Runs the command and returns what it prints; its message becomes the error."""
    done = subprocess.run([program(), *map(str, args)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"collectsim {' '.join(map(str, args))}: {done.stderr.strip()}")
    return done.stdout


def result(name, kind, *args):
    """The folder of a run or sweep, made anew: equal settings give equal tables, so nothing is kept."""
    folder = RUNS / name
    command(kind, *args, "-o", folder, "--force", "--no-charts", "--quiet")
    return folder


def read(folder, table):
    """One table of a folder as a pandas frame; missing numbers are NaN."""
    path = pathlib.Path(folder) / f"{table}.arrow"
    for reader in (_pyarrow, _polars):
        try:
            return reader(path)
        except ImportError:
            continue
    return pd.read_csv(io.StringIO(command("export", path, "--format", "csv")))


def _pyarrow(path):
    import pyarrow.ipc

    with pyarrow.memory_map(str(path)) as source:
        return pyarrow.ipc.open_file(source).read_all().to_pandas()


def _polars(path):
    import polars

    return polars.read_ipc(path, memory_map=False).to_pandas()


def summary(folder):
    """summary.json: every figure with its 95% interval, unrounded."""
    return json.loads((pathlib.Path(folder) / "summary.json").read_text(encoding="utf-8"))


def figures(folder, metrics, versus=False):
    """A frame of strategies by metrics, each cell 'estimate [low, high]'; versus: minus the baseline."""
    what = "versus_baseline" if versus else "metrics"
    rows = {}
    for s in summary(folder)["strategies"]:
        cells = {m: s[what].get(m) for m in metrics}
        rows[s["name"]] = {m: cell(c) for m, c in cells.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def cell(figure):
    if not figure or figure["estimate"] is None:
        return "undefined"
    if figure["low"] is None or figure["high"] is None:
        return f"{figure['estimate']:.4g}"
    return f"{figure['estimate']:.4g} [{figure['low']:.4g}, {figure['high']:.4g}]"


def mean_interval(values):
    """Mean and 95% t interval of independent replications."""
    values = pd.Series(values).dropna()
    n = len(values)
    if n < 2:
        return values.mean(), float("nan"), float("nan")
    half = t_quantile(n - 1) * values.std(ddof=1) / n**0.5
    return values.mean(), values.mean() - half, values.mean() + half


def t_quantile(df):
    """The 97.5% point of Student's t: expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5), within
    0.3% from 4 degrees of freedom on."""
    z = 1.959963984540054
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + g1 / df + g2 / df**2 + g3 / df**3


def lines(frame, x, y, by="strategy", ax=None):
    """Lines with interval bands of a table that has y, y_low and y_high."""
    ax = ax or plt.subplots(figsize=(7, 3.6))[1]
    for i, (name, part) in enumerate(frame.groupby(by, sort=False)):
        ax.plot(part[x], part[y], STYLES[i % 7], color=COLOURS[i % 7], label=name)
        if f"{y}_low" in part:
            ax.fill_between(part[x], part[f"{y}_low"], part[f"{y}_high"], color=COLOURS[i % 7], alpha=0.15, linewidth=0)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
