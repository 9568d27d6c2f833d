"""Figures beside the goals that they are to reach."""

import math
import unicodedata


def percentile(values, share):
    """The least value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def median(values):
    ordered = sorted(values)
    if not ordered:
        return math.nan
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def print_table(rows):
    """Columns as wide as they must be; the first row is the heading."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)]
        print("  ".join(cells).rstrip())


class Goals:
    """A table of what was measured, what was to be reached, and whether it was.

    Counts, such as that of faulty mirrors chosen, are right or wrong on every machine. Figures are only worth a verdict
    on one that does nothing else meanwhile and over several runs, so that a short run shows them and fails by the counts.
    """

    def __init__(self, is_short):
        self.rows = [("", "MEASURED", "GOAL", "")]
        self.is_short = is_short
        self.missed = 0

    def figure(self, what, value, digits=2, unit=""):
        """What stands beside without a goal."""
        self.rows.append((what, format_figure(value, digits, unit), "-", ""))

    def skip(self, what, reason):
        """What was not measured, so that nobody takes it for good."""
        self.rows.append((what, "-", "-", f"skipped: {reason}"))

    def at_most(self, what, value, goal, digits=2, unit=""):
        self.judge(what, format_figure(value, digits, unit), f"<= {format_figure(goal, digits, unit)}", value <= goal)

    def equals(self, what, value, goal):
        self.missed += value != goal
        self.row(what, str(value), str(goal), value == goal)

    def judge(self, what, measured, goal, is_reached):
        self.missed += not is_reached and not self.is_short
        self.row(what, measured, goal, is_reached)

    def row(self, what, measured, goal, is_reached):
        self.rows.append((what, measured, goal, "reached" if is_reached else "MISSED"))

    def print(self):
        print_table(self.rows)


def format_figure(value, digits, unit):
    return f"{value:.{digits}f}" + (f" {unit}" if unit else "")
