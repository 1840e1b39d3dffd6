# SPDX-License-Identifier: Apache-2.0
"""What the model's and the histories' own tests break is in the sources, also those breaks that a run of some of them leaves out."""
import importlib.util
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = ("tests/model/model_mutants.py", "tests/history/history_mutants.py")


def breaks(file):
    spec = importlib.util.spec_from_file_location(pathlib.Path(file).stem, ROOT / file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.BREAKS


def stale(listed):
    """Names of those whose text is not in its file."""
    return [name for name, file, *texts in listed if not all(old in (ROOT / file).read_text() for old in texts[::2])]


@pytest.mark.parametrize("file", FILES)
def test_each_break_is_about_what_is_in_the_source(file):
    listed = breaks(file)
    assert len(listed) > 20 and not stale(listed)
    assert len({name for name, *_ in listed}) == len(listed)


def test_a_text_that_is_gone_is_found():
    name, file, old, new = breaks(FILES[0])[0][:4]
    assert stale([(name, file, old + "\x01", new), (name, file, old, new, "\x02", "")]) == [name, name]
