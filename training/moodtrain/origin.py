"""Where this code is: the commit that a model tells of itself."""

import shutil
import subprocess
from pathlib import Path


def commit() -> str:
    """Return the commit this code is at, or 'unknown' outside a repository with commits."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    order = [git, "-C", str(Path(__file__).parent), "rev-parse", "--verify", "HEAD"]
    done = subprocess.run(order, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603  (fixed words)
    return done.stdout.strip() if done.returncode == 0 else "unknown"
