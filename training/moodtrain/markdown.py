"""Tables and figures in Markdown, the same in every report and model card."""

from collections.abc import Iterable, Sequence


def percent(share: float) -> str:
    """Return a share as a person reads it: 64.5 %."""
    return f"{100 * share:.1f} %"


def between(share: float, interval: Sequence[float]) -> str:
    """Return a share with its 95 % interval: 64.5 % (63.1 to 66.0)."""
    return f"{percent(share)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table whose first column stands left and whose others stand right."""
    lines = [" | ".join(head), "|".join(["---", *["---:"] * (len(head) - 1)])]
    lines += [" | ".join(map(str, row)) for row in rows]
    return "\n".join(f"| {line} |" if "---" not in line else f"|{line}|" for line in lines)


def facts(rows: dict[str, object]) -> str:
    """Return a table of two columns without a head; rows that say nothing are left out."""
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {said} |" for name, said in rows.items() if said)])


def count(number: int) -> str:
    """Return a count with its thousands apart, or in millions."""
    return f"{number / 1e6:.3g} million" if number >= 1e6 else f"{number:,}"
