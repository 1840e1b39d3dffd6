# SPDX-License-Identifier: Apache-2.0
"""A network namespace of a test's own: nothing but a loopback with addresses, so that clients of an emulated device are
different peers."""
import os
import shutil
import sys

# RFC 5737: for documentation, nobody's. QEMU's user network rewrites 127.0.0.0/8 to its gateway's address, not these.
NETWORK = "192.0.2."
INSIDE = "WARD_TEST_NAMESPACE"


def addresses(number):
    return [f"{NETWORK}{at}" for at in range(1, number + 1)]


def is_inside():
    return bool(os.environ.get(INSIDE))


def enter(number):
    """Runs this program again, from its start, in a namespace whose loopback has so many addresses."""
    missing = [tool for tool in ("unshare", "ip") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"{' and '.join(missing)} missing: tools/setup test installs them")
    sets = "".join(f"ip addr add {address}/24 dev lo && " for address in addresses(number))
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    os.environ[INSIDE] = "1"
    script = f'ip link set lo up && {sets}exec "$@"'
    os.execvp("unshare", ["unshare", "--net", *as_root, "sh", "-c", script, "sh", *sys.orig_argv])
