"""The system libraries that Qt needs on Linux: which are missing, and what installs them."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = {
    # what Qt opens: (Debian and Ubuntu, Fedora, Arch)
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-render-util.so.0": (
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
    ),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland"),
}
MANAGERS = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed --noconfirm",
}
APT_LISTS = Path("/var/lib/apt/lists")


def missing_libraries() -> list[str]:
    """List the libraries that Qt needs and that this computer cannot open."""
    return [name for name in PACKAGES if not _opens(name)]


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def package_manager() -> str:
    """Name the package manager of this computer; "" where it is none that we know."""
    return next((manager for manager in MANAGERS if shutil.which(manager)), "")


def package_names(libraries: list[str], manager: str) -> list[str]:
    """Name the packages that bring the libraries, each once, in a package manager's words."""
    column = list(MANAGERS).index(manager)
    return list(dict.fromkeys(PACKAGES[library][column] for library in libraries))


def install_command(packages: list[str], manager: str) -> str:
    """Write the one command that installs the packages."""
    return f"sudo {MANAGERS[manager]} {' '.join(packages)}"


def can_install() -> bool:
    """Say whether packages may be installed without asking: as root, on Debian and its kin."""
    return package_manager() == "apt-get" and os.geteuid() == 0


def install(packages: list[str]) -> bool:
    """Install Debian or Ubuntu packages as root; False if apt-get could not."""
    has_lists = any(APT_LISTS.glob("*Packages*"))
    if has_lists and _apt("install", packages).returncode == 0:
        return True
    _apt("update", [])  # one dead source must not stop us: the install below is what counts
    done = _apt("install", packages)
    if done.returncode != 0:
        print(done.stdout, end="")
    return done.returncode == 0


def _apt(verb: str, packages: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", verb, "-qq", "-y", "--no-install-recommends", *current_names(packages)],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def current_names(packages: list[str]) -> list[str]:
    """Call GLib by the name it carries on this system since 64-bit time came (Ubuntu 24.04)."""
    renamed = {"libglib2.0-0": "libglib2.0-0t64"} if _apt_knows("libglib2.0-0t64") else {}
    return [renamed.get(package, package) for package in packages]


def _apt_knows(package: str) -> bool:
    known = subprocess.run(
        ["apt-cache", "show", package],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return known.returncode == 0
