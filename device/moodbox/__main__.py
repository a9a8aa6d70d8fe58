"""`python -m moodbox` is the same as `moodbox`."""

import sys

from moodbox.cli import main

if __name__ == "__main__":
    sys.exit(main())
