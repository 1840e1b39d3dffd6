# SPDX-License-Identifier: Apache-2.0
"""Deviations of deviations.txt: where ward does what cppcheck or a rule of MISRA C does not want, and why.

A deviation is a line `RULE [<VERSION|>=VERSION] PLACE... [`TEXT`]`, PLACE a pattern of files, TEXT a part of the source
line, and below it, indented, its reason. One with a VERSION is for the cppchecks before it, or from it on: others do
not have the finding.
"""
import fnmatch
import re
from dataclasses import dataclass, field


@dataclass
class Deviation:
    """What is allowed; it notes whether it was needed."""
    rule: str
    places: list
    text: str
    versions: str = ""
    reason: str = ""
    used: int = field(default=0, compare=False)

    def covers(self, rule, file, line):
        """Whether a finding is this deviation's, and counts it."""
        covered = rule == self.rule and self.text in line and any(fnmatch.fnmatch(file, place) for place in self.places)
        self.used += covered
        return covered

    def is_for(self, version):
        """Whether this version of cppcheck, a tuple of numbers, has the finding."""
        bound = version_of(self.versions)
        return not bound or (version[:len(bound)] < bound) == self.versions.startswith("<")

    def name(self):
        words = [self.rule, self.versions, *self.places, f"`{self.text}`" if self.text else ""]
        return " ".join(word for word in words if word)


def version_of(text):
    """The first version in a text, as numbers: (2, 17)."""
    number = re.search(r"\d+(\.\d+)+", text)
    return tuple(map(int, number[0].split("."))) if number else ()


def parse(listing):
    """The deviations of a listing; ValueError for one without a reason."""
    found = []
    for line in listing.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] == " ":
            found[-1].reason += line.strip() + " "
        else:
            text = re.search(r"`(.*)`\s*$", line)
            rule, *places = (line[:text.start()] if text else line).split()
            versions = places.pop(0) if places and re.fullmatch(r"(<|>=)\d+(\.\d+)+", places[0]) else ""
            found.append(Deviation(rule, places, text[1] if text else "", versions))
    bare = [deviation.name() for deviation in found if not deviation.reason or not deviation.places]
    if bare:
        raise ValueError(f"a deviation needs a place and a reason: {bare[0]}")
    return found


def uncovered(findings, deviations):
    """Findings (rule, file, number, line) that no deviation covers; each deviation that covers one counts it."""
    return [finding for finding in findings
            if not any([deviation.covers(finding[0], finding[1], finding[3]) for deviation in deviations])]
