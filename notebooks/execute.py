"""Runs every notebook from start to end and fails on the first error.

python3 notebooks/execute.py              writes the output back into the notebooks
python3 notebooks/execute.py --into DIR   leaves them as they are and writes copies to DIR
"""

import argparse
import os
import pathlib
import sys

import nbclient
import nbformat

os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # a warning of the kernel's debugger, which is not used
here = pathlib.Path(__file__).resolve().parent


def execute(path, into):
    book = nbformat.read(path, as_version=4)
    if not any(c.cell_type == "code" for c in book.cells):
        raise ValueError(f"{path.name}: holds no code")
    nbclient.NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(here)}}).execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)  # clock times
    book.metadata.pop("language_info", None)  # the version of Python
    nbformat.write(book, into / path.name)
    said = sum(len(c.get("outputs", [])) for c in book.cells if c.cell_type == "code")
    if said == 0:
        raise ValueError(f"{path.name}: ran and showed nothing")
    print(f"{path.name}: {said} outputs")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=pathlib.Path, default=here)
    parser.add_argument("names", nargs="*", help="only these notebooks")
    args = parser.parse_args()
    args.into.mkdir(parents=True, exist_ok=True)
    paths = [here / n for n in args.names] or sorted(here.glob("*.ipynb"))
    if not paths:
        sys.exit("no notebook found")
    failed = []
    for path in paths:
        try:
            execute(path, args.into)
        except nbclient.exceptions.CellExecutionError as e:
            failed.append(path.name)
            print(f"{path.name}: {e}", file=sys.stderr)
    print(f"{len(paths) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
