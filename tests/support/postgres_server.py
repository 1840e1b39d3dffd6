# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of the test's own: a copy of the server with ward's extension in it, a cluster and a unix socket in one
folder, run by a user without rights, ended with the test."""
import glob
import os
import pathlib
import shutil
import signal
import subprocess
import time

import evidence
import pace
from postgres_client import Connection, Gone, Refused

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATABASE = ROOT / "build" / "deps" / "database"
PROGRAMS = ["postgres", "initdb", "pg_dump", "psql", "pgbench"]
PORT = 5432

# Who runs it where the test is root, which no server wants to be.
USER, GROUP = "nobody", "nogroup"

SETTINGS = f"""
listen_addresses = ''
port = {PORT}
fsync = off
max_prepared_transactions = 4
max_connections = 30
"""


def pg_config():
    """The one of PG_CONFIG, or of the server that tools/setup has fetched."""
    found = sorted(glob.glob(str(DATABASE / "usr/lib/postgresql/*/bin/pg_config")))
    return os.environ.get("PG_CONFIG") or (found[0] if found else "pg_config")


def place(word):
    """What that one says of its server: bindir, pkglibdir, sharedir, version."""
    done = subprocess.run([pg_config(), f"--{word}"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def pgbouncer():
    """The program, or None."""
    own = DATABASE / "usr/sbin/pgbouncer"
    return str(own) if own.exists() and "PG_CONFIG" not in os.environ else shutil.which("pgbouncer",
                                                                                        path="/usr/sbin:/usr/bin")


def as_user(*words):
    """A command as somebody without rights, ended when this test is."""
    words = [str(word) for word in words]
    become = ["--reuid", USER, "--regid", GROUP, "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *become, "--pdeathsig", "INT", *words]


def let_through(folder):
    """Lets that user pass, but see nothing, on the way to a folder."""
    for part in [folder, *folder.parents]:
        about = part.stat()
        if about.st_uid == os.geteuid() and not about.st_mode & 0o001:
            part.chmod(about.st_mode | 0o001)


def make(folder, *words, **variables):
    """Runs the extension's make in a folder; what it said."""
    environment = {name: value for name, value in os.environ.items() if name not
                   in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    mbedtls = pathlib.Path(os.environ.get("MBEDTLS_DIR", ROOT / "build/deps/mbedtls"))
    done = subprocess.run(["make", "-j2", "-C", folder, "-f", ROOT / "port/postgresql/Makefile",
                           f"PG_CONFIG={pg_config()}",
                           f"MBEDTLS_DIR={(ROOT / mbedtls).resolve()}",
                           *[f"{name}={value}" for name, value in variables.items()], *words],
                          capture_output=True, text=True, env=environment, timeout=pace.seconds(200))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


class Server:
    """A server in a folder. `settings`: lines for postgresql.conf; `preload`: libraries that it starts with."""

    def __init__(self, folder, settings="", preload="ward"):
        self.folder = pathlib.Path(folder)
        self.tree, self.data, self.sockets = self.folder / "tree", self.folder / "data", self.folder
        self.log = self.folder / "log"
        self.process = None
        self._copy()
        self._init(settings, preload)
        evidence.add("what the server said", lambda: self.said().splitlines(), lambda: self.process is not None)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    # ---- Making it.

    def program(self, name):
        return self.tree / place("bindir").lstrip("/") / name

    def _copy(self):
        """What a server needs, in the folders that it looks for beside its program; then the extension."""
        for name in PROGRAMS:
            self.program(name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(pathlib.Path(place("bindir")) / name, self.program(name))
        for word in ("pkglibdir", "sharedir"):
            shutil.copytree(place(word), self.tree / place(word).lstrip("/"), symlinks=False,
                            ignore_dangling_symlinks=True,
                            ignore=shutil.ignore_patterns("bitcode", "llvmjit*", "pgxs", "man"))
        make(ROOT / "build/host/postgresql", "install", f"DESTDIR={self.tree}")

    def _init(self, settings, preload):
        self.data.mkdir()
        self.log.touch()
        for path in (self.folder, self.data, self.log):
            if os.geteuid() == 0:
                shutil.chown(path, USER, GROUP)
        self.folder.chmod(0o755)
        let_through(self.folder.parent)
        words = [self.program("initdb"), "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8",
                 "--locale=C"]
        subprocess.run(as_user(*words), check=True, capture_output=True, timeout=pace.seconds(60), cwd="/")
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(f"{SETTINGS}unix_socket_directories = '{self.sockets}'\nshared_preload_libraries = "
                       f"'{preload}'\n{settings}\n")

    # ---- Running it.

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(as_user(self.program("postgres"), "-D", self.data), stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL,
                                            cwd="/")
        self.wait()

    def wait(self, seconds=30):
        """Waits until it answers."""
        end = time.monotonic() + pace.seconds(seconds)
        while True:
            try:
                self.connect("postgres", "postgres").close()
                return
            except (OSError, Refused, Gone):
                assert self.process.poll() is None and time.monotonic() < end, self.said()[-3000:]
                time.sleep(0.05)

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(pace.seconds(30))
        finally:
            self.process.kill()
            self.process = None

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def said(self):
        return self.log.read_text(errors="replace")

    # ---- Using it.

    def connect(self, user="postgres", database="postgres", options=None):
        return Connection(self.sockets / f".s.PGSQL.{PORT}", user, database, options)

    def admin(self, text, database="postgres"):
        """A superuser's statements, one text; the rows of the last."""
        with self.connect("postgres", database) as connection:
            return connection.say(text)

    def run(self, name, *words, check=True, **more):
        """Runs one of PostgreSQL's programs against it, as a superuser."""
        command = [self.program(name), "-h", self.sockets, "-p", PORT, "-U", "postgres", *words]
        return subprocess.run([str(word) for word in command], check=check, capture_output=True, text=True,
                              timeout=pace.seconds(60), cwd="/",
                              **more)
