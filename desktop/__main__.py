"""Starts the window: `python -m desktop`.

A worker process imports this file again on some systems, so nothing of Qt is imported on top.
"""

import sys


def main() -> int:
    """Start the program; return its exit code."""
    from desktop.application import start  # see above

    return start(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
