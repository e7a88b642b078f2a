"""Runs notebooks from their first cell to their last, and compares what they print with what is stored.

    notebooks.py ROOT [--write] [NOTEBOOK ...]

A cell that fails ends its notebook, and the exit code is 1. Numbers are those of another processor too, if they agree to 2 % or
to two units of the last digit that is printed; pictures, if they have the same size. A cell with the tag "varies" is run and not compared.
"""

import base64
import os
import re
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
RELATIVE = 0.02
LAST_DIGITS = 2
PNG = base64.b64encode(b"\x89PNG")[:5].decode()
SECONDS_A_CELL = 600
MOST_BYTES = 300_000


def say(line):
    print(line, flush=True)


def run(path):
    """The notebook with the outputs of now, without what differs from run to run."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        record_timing=False,
        resources={"metadata": {"path": os.path.dirname(path)}},
    )
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = merged(cell.outputs)
    language = notebook.metadata.get("language_info", {})
    notebook.metadata["language_info"] = {
        key: language[key] for key in ("name", "file_extension", "mimetype") if key in language
    }
    return notebook


def merged(outputs):
    """Pieces of a stream as one: where they end is a matter of time."""
    whole = []
    for output in outputs:
        output.get("metadata", {}).clear()
        if output.output_type == "stream" and whole and whole[-1].output_type == "stream" and whole[-1].name == output.name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def close(made, stored):
    """Whether two texts are the same but for numbers that differ by no more than is allowed."""
    if NUMBER.split(made) != NUMBER.split(stored):
        return False
    pairs = zip(NUMBER.findall(made), NUMBER.findall(stored))
    return all(a == b or abs(float(a) - float(b)) <= allowed(b) for a, b in pairs)


def allowed(number):
    """What a printed number may be off."""
    mantissa, _, exponent = number.lower().partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return RELATIVE * abs(float(number)) + LAST_DIGITS * unit * (1 + 1e-9)


def size_of(png):
    return base64.b64decode(png)[16:24]


def same(kind, made, stored):
    if kind == "image":
        # Machines without fonts make SVG of figures.
        return not (made.startswith(PNG) and stored.startswith(PNG)) or size_of(made) == size_of(stored)
    return close(made, stored)


def parts(output):
    """What an output shows, by kind."""
    if output.output_type == "stream":
        return {output.name: output.text}
    return {
        "image" if kind.startswith("image/") else kind: text if isinstance(text, str) else "".join(text)
        for kind, text in output.get("data", {}).items()
    }


def differences(made, stored):
    """One line for each cell whose outputs are not those that are stored."""
    lines = []
    for index, (new, old) in enumerate(zip(made.cells, stored.cells), 1):
        if new.cell_type != "code" or "varies" in old.metadata.get("tags", []):
            continue
        now, then = [[parts(output) for output in cell.outputs] for cell in (new, old)]
        if [sorted(part) for part in now] != [sorted(part) for part in then]:
            lines.append(f"cell {index} makes {[sorted(p) for p in now]}, stored is {[sorted(p) for p in then]}")
            continue
        for shown, known in zip(now, then):
            for kind in shown:
                if not same(kind, shown[kind], known[kind]):
                    lines.append(f"cell {index}, {kind}: {first_difference(shown[kind], known[kind])}")
    return lines


def first_difference(made, stored):
    for a, b in zip(made.splitlines(), stored.splitlines()):
        if not close(a, b):
            return f"'{a[:160]}', stored is '{b[:160]}'"
    return "another number of lines, or a picture of another size"


def store(notebook, path):
    part = f"{path}.part.{os.getpid()}"
    nbformat.write(notebook, part)
    os.replace(part, path)
    return os.path.getsize(path)


def check(path, name, write):
    """Runs one notebook; whether all was well."""
    started = time.monotonic()
    try:
        made = run(path)
    except CellExecutionError as error:
        say(f"FAILED: {name}: a cell failed:\n{error}")
        return False
    except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
        say(f"FAILED: {name}: {error}")
        return False
    took = f"{time.monotonic() - started:.0f} s"
    if write:
        size = store(made, path)
        if size > MOST_BYTES:
            say(f"FAILED: {name}: {size} bytes are more than {MOST_BYTES}")
            return False
        say(f"wrote {name} ({size} bytes, {took})")
        return True
    lines = differences(made, nbformat.read(path, as_version=4))
    if lines:
        say(f"FAILED: {name}: outputs differ from those that are stored; --write stores them:")
        for line in lines:
            say(f"  {line}")
        return False
    say(f"ok: {name} ({took})")
    return True


def main(root, arguments):
    folder = os.path.join(root, "notebooks")
    known = sorted(name for name in os.listdir(folder) if name.endswith(".ipynb"))
    named = [os.path.basename(argument) for argument in arguments if not argument.startswith("-")]
    options = [argument for argument in arguments if argument.startswith("-")]
    named = [name if name.endswith(".ipynb") else f"{name}.ipynb" for name in named]
    wrong = [name for name in named if name not in known] + [option for option in options if option != "--write"]
    if wrong:
        print(f"error: notebooks: '{wrong[0]}' is neither --write nor one of {', '.join(known)}", file=sys.stderr)
        return 2
    results = [check(os.path.join(folder, name), name, "--write" in options) for name in named or known]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
