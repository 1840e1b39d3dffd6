# SPDX-License-Identifier: Apache-2.0
"""The package: its types, what is in it, that a browser can load it, and that the README's examples fit."""
import json
import pathlib
import re
import shutil
import tarfile
import tempfile

import pytest
import settings
import typescript
from typescript import FOLDER, MODULES, ROOT, SOURCE, must, tsc

# What must be taken, and in the lines after a mark what must not.
TYPED = """
import { type Device } from 'ward-client';
import { api } from 'ward-client/api';
import type { paths } from './foia.js';

export async function typed(device: Device): Promise<string> {
  const foia = api<paths>(device);
  const { error } = await foia.GET('/api/projects/{path}', { params: { path: { path: '7/a b' } } });
  // @ts-expect-error: there is no such path
  await foia.GET('/api/nothing');
  // @ts-expect-error: the path has no such method
  await foia.PUT('/health');
  // @ts-expect-error: the parameter is missing
  await foia.GET('/api/projects/{path}');
  const words: 'invalid_request' | 'unauthorized' | 'invalid_token' | 'insufficient_scope' | 'https_required' |
    'not_found' | 'method_not_allowed' | 'rate_limited' | 'temporarily_unavailable' | 'server_error' |
    undefined = error?.error;
  return words ?? '';
}
"""
# Which paths are called of it.
CALLED = """
import { api } from './dist/api.js';
const asked = [];
const fetch = async (request) => {
  asked.push(request.url);
  return new Response('{}');
};
const device = { origin: 'https://device', fetch };
await api(device).GET('/api/projects/{path}', { params: { path: { path: '7/a b/%c' }, query: { x: 1 } } });
await api(device).GET('/api/projects');
console.log(JSON.stringify(asked));
"""


@pytest.fixture(scope="module", autouse=True)
def built():
    return typescript.build()


def test_types_are_strict_and_fit_the_readme_the_page_and_a_devices_description():
    folder = FOLDER / "examples"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    examples = re.findall(r"```ts\n(.*?)```", (SOURCE / "README.md").read_text(), re.S)
    assert len(examples) >= 4
    for number, example in enumerate([*examples, TYPED]):
        (folder / f"example{number}.ts").write_text(example)
    description = must(settings.ward, "routes", ROOT / "boards/app/theholefoundation.routes", "--openapi", "--issuer",
                       "https://issuer.example/")
    (folder / "api.json").write_text(description)
    made = must("node", MODULES / "openapi-typescript" / "bin" / "cli.js", folder / "api.json")
    for name in ("led.ts", "foia.ts"):
        (folder / name).write_text(made)
    for name in ("page.mjs", "words.mjs"):
        shutil.copy(ROOT / "clients/example" / name, folder)
    strict = json.loads((SOURCE / "tsconfig.json").read_text())["compilerOptions"]
    options = {**strict, "rootDir": ".", "noEmit": True, "declaration": False, "allowJs": True, "checkJs": True}
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["."]}))
    done = tsc("-p", "examples")
    assert done.returncode == 0, done.stdout


def test_the_rest_of_a_path_keeps_its_slashes():
    (FOLDER / "called.mjs").write_text(CALLED)
    asked = json.loads(must("node", "called.mjs"))
    assert asked == ["https://device/api/projects/7/a%20b/%25c?x=1", "https://device/api/projects"]


def imports(file):
    return re.findall(r"""(?:import|export)\s[^;]*?from\s+['"]([^'"]+)['"]""", file.read_text())


def test_a_browser_can_load_it():
    """From index.js and api.js on nothing is Node's own."""
    left, seen, others = [FOLDER / "dist/index.js", FOLDER / "dist/api.js"], set(), set()
    while left:
        file = left.pop()
        if file in seen:
            continue
        seen.add(file)
        for name in imports(file):
            if name.startswith("."):
                left.append((file.parent / name).resolve())
            else:
                others.add(name)
    assert len(seen) > 8 and others == {"oauth4webapi", "openapi-fetch"}, others
    assert any(name.startswith("node:") for name in imports(FOLDER / "dist/node.js")), "imports are found"
    for package in others:
        programs = [path for path in (MODULES / package).rglob("*.*js") if {"build", "dist"} & set(path.parts)]
        text = "".join(path.read_text() for path in programs)
        assert not re.search(r"""(from|require\()\s*['"]node:""", text), package


def test_a_package_has_what_it_exports_and_no_sources():
    listed = json.loads(must("npm", "pack", "--dry-run", "--json", "--ignore-scripts"))[0]["files"]
    names = {file["path"] for file in listed}
    package = json.loads((SOURCE / "package.json").read_text())
    exported = {path.removeprefix("./") for entry in package["exports"].values() for path in entry.values()}
    assert exported | {"README.md", "package.json", "dist/hints.js"} <= names
    assert not [name for name in names if name.startswith(("src", "node_modules", "examples"))]


def test_a_package_has_the_licence():
    above = pathlib.Path(tempfile.mkdtemp())
    folder = above / "clients" / "typescript"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    shutil.copy(ROOT / "LICENSE", above)
    (folder / "node_modules").symlink_to(MODULES)
    must("npm", "pack", cwd=folder)
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        assert package.extractfile("package/LICENSE").read() == (ROOT / "LICENSE").read_bytes()
        assert package.getmember("package/dist/index.js").size > 0


def test_its_version_is_wards():
    version = re.search(r'WARD_VERSION "(.*)"', (ROOT / "include/ward/version.h").read_text())[1]
    for name in ("package.json", "package-lock.json"):
        assert json.loads((SOURCE / name).read_text())["version"] == version


def test_the_lock_file_names_no_registry():
    lock = (SOURCE / "package-lock.json").read_text()
    assert '"integrity"' in lock and '"resolved"' not in lock
