# SPDX-License-Identifier: Apache-2.0
"""The package: its types, what is in it, and that the README's example runs."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = ROOT / "clients" / "python"
CACHE = str(ROOT / "build" / "mypy")


def run(*words, cwd=HERE, **variables):
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=120, env={**os.environ, **variables})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_types_hold_strictly():
    run(sys.executable, "-m", "mypy", "--cache-dir", CACHE)


def test_a_wheel_has_the_shared_table_itself_and_its_types():
    folder = pathlib.Path(tempfile.mkdtemp())
    shutil.copytree(ROOT / "clients", folder / "clients", symlinks=True, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copy(ROOT / "LICENSE", folder)
    source = folder / "clients" / "python"
    build = "from setuptools import build_meta; print(build_meta.build_wheel('wheel'))"
    (source / "wheel").mkdir()
    name = run(sys.executable, "-c", build, cwd=source).split()[-1]
    with zipfile.ZipFile(source / "wheel" / name) as wheel:
        wheel.extractall(folder / "installed")
    installed = folder / "installed" / "ward_client"
    assert (installed / "hints.json").read_bytes() == (ROOT / "clients" / "hints.json").read_bytes()
    (licence,) = (folder / "installed").glob("ward_client-*.dist-info/**/LICENSE")
    assert licence.read_bytes() == (ROOT / "LICENSE").read_bytes() and not licence.is_symlink()
    assert not (installed / "hints.json").is_symlink() and (installed / "py.typed").exists()
    ask = "import ward_client; print(ward_client.__file__, ward_client.IssuerError('invalid_grant').hint)"
    hint = run(sys.executable, "-c", ask, PYTHONPATH=str(folder / "installed"))
    assert hint.startswith(str(installed)) and "Sign in again" in hint


def test_a_copy_without_the_shared_table_says_so_at_once():
    """A folder of its own has a link to nothing, a checkout without links a file with its target."""
    folder = pathlib.Path(tempfile.mkdtemp())
    shutil.copytree(HERE / "src", folder / "src", symlinks=True)
    hints = folder / "src" / "ward_client" / "hints.json"
    assert not hints.exists()
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", "import ward_client"], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "PYTHONPATH": str(folder / "src")})
        assert done.returncode != 0 and "ImportError: ward_client: hints.json is missing" in done.stderr, done
        hints.unlink()
        hints.write_text("../../../hints.json")


def test_what_installing_leaves_beside_the_sources_is_ignored():
    if not (ROOT / ".git").exists():
        pytest.skip("no repository of git")
    left = ["python/build/lib/x.py", "python/src/ward_client.egg-info/PKG-INFO", "typescript/ward-client-0.2.0.tgz"]
    ignored = run("git", "check-ignore", *left, cwd=ROOT / "clients")
    assert ignored.split() == left


def test_its_version_is_wards():
    version = re.search(r'WARD_VERSION "(.*)"', (ROOT / "include/ward/version.h").read_text())[1]
    assert f'version = "{version}"' in (HERE / "pyproject.toml").read_text()


def test_the_readmes_examples_are_typed():
    """Each example is whole: mypy knows its names."""
    examples = re.findall(r"```python\n(.*?)```", (HERE / "README.md").read_text(), re.S)
    assert len(examples) >= 3
    folder = pathlib.Path(tempfile.mkdtemp())
    for number, example in enumerate(examples):
        (folder / f"example{number}.py").write_text(example)
    run(sys.executable, "-m", "mypy", "--config-file", str(HERE / "pyproject.toml"), "--cache-dir", CACHE,
        *map(str, sorted(folder.glob("*.py"))))
