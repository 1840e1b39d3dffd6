"""A device and its issuer that stay the same from a test program's first case to its last."""
import atexit
import json
import sys
import time

from household import ROOT, Household, call

sys.path.insert(0, str(ROOT / "tests" / "support"))
from https_client import Connection  # noqa: E402

COOLDOWN = 1


class House(Household):
    """A household whose device runs, with keys, from the first case to the last."""

    def __init__(self, name, issuer, **variables):
        super().__init__(name, COOLDOWN, issuer, **variables)
        self.__enter__()
        atexit.register(self.__exit__)
        self.cool = 0
        self.boot()
        self.expect("OK")

    def boot(self):
        """Starts the device; what it says then."""
        self.running = self.device().__enter__()
        atexit.register(self.running.__exit__)
        return dict(word.split("=") for word in self.running.wait_for("READY").split()[1:])

    def cut_power(self):
        self.running.__exit__()
        atexit.unregister(self.running.__exit__)

    def expect(self, reason, seconds=45):
        """What comes of the next fetch."""
        line = self.running.wait_for("FETCH ", seconds)
        self.cool = time.monotonic() + COOLDOWN
        assert f"reason={reason} " in line, (reason, line)

    def fetch(self, reason="OK", seconds=45):
        """Asks for keys when the cooldown is over, as an unknown kid does."""
        time.sleep(max(0, self.cool + 0.1 - time.monotonic()))
        while "KEY_REFRESH_PENDING" not in self.running.ask("!fetch", "asked ")[-1]:
            time.sleep(0.2)
        self.expect(reason, seconds)

    def audited(self, reason):
        """Waits for an event that a key set is why."""
        line = self.running.wait_for('AUDIT ', 5)
        while '"kind":"change"' not in line:
            line = self.running.wait_for('AUDIT ', 5)
        found = json.loads(line.removeprefix("AUDIT "))["reason"]
        assert found == reason, (found, reason)

    def status(self, token=None, target="/api/foia/requests"):
        answer = call(self.curl(self.running.port, target, token=token))[0]
        return answer.status, answer.body

    def connect(self):
        return Connection(self.running.port, self.trust)
