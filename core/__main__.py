"""Runs the command line: `python -m core`."""

import sys

from core.cli import main
from core.worker import prepare_for_frozen

if __name__ == "__main__":
    prepare_for_frozen()
    sys.exit(main())
