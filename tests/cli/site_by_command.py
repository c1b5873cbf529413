"""A site on disk and everybody's key files, made by the commands that people type."""

from pathlib import Path

from typer.testing import CliRunner

from cli.agreement import agreement
from cli.keys import keys
from cli.log import log
from consent.keys import Role, create_key

PASSPHRASE = "correct horse battery"  # noqa: S105  # opens nothing but what the tests make
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "agreement" / "agreement.yaml"
ROLES = {
    "log": Role.PLANT_LOG,
    "employer": Role.EMPLOYER,
    "council": Role.WORKS_COUNCIL,
    "witness": Role.WITNESS,
    "edge": Role.DEVICE,
}
APPS = {"agreement": agreement, "keys": keys, "log": log}


class SiteByCommand:
    """Runs commands; `plant` is the site, `key(name)` and `vkey(name)` are files."""

    def __init__(self, root):
        self.root = root
        self.plant = root / "plant"
        self.passphrase = root / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")
        for name, role in ROLES.items():
            self.create(name, role)

    def create(self, name, role, key_name=None):
        """Make a key whose passphrase costs nothing to check."""
        (self.root / name).mkdir()
        made = create_key(
            self.root / name, key_name or f"plant.example/{name}", role, PASSPHRASE, log2_cost=1
        )
        made.private.rename(self.key(name))
        made.public.rename(self.vkey(name))

    def key(self, name):
        return self.root / f"{name}.key"

    def vkey(self, name):
        return self.root / f"{name}.vkey"

    def run(self, app, *words, passphrase=True):
        """Run `fairtakt APP WORDS`; return what it printed."""
        options = ["--passphrase-file", str(self.passphrase)] if passphrase else []
        done = CliRunner().invoke(APPS[app], [*map(str, words), *options], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def init(self):
        options = [
            word for name in ("employer", "council", "witness") for word in (f"--{name}", self.vkey(name))
        ]
        return self.run("log", "init", self.plant, "--key", self.key("log"), *options)

    def operate(self, *more):
        return self.run("log", "operate", self.plant, "--key", self.key("log"), "--once", *more)

    def status(self, *more):
        return self.run(
            "agreement", "status", self.plant, "--log-key", self.vkey("log"), *more, passphrase=False
        )

    def signed(self):
        """Sign the example; return the note of both."""
        text = EXAMPLE.read_text(encoding="utf-8")
        for name in ("employer", "council"):
            text = text.replace("key: null", f"key: {self.vkey(name).read_text().strip()}", 1)
        draft, one, both = (self.root / name for name in ("agreement.yaml", "one.note", "both.note"))
        draft.write_text(text, encoding="utf-8")
        self.run("agreement", "sign", draft, "--key", self.key("employer"), "--out", one)
        self.run("agreement", "sign", one, "--key", self.key("council"), "--out", both)
        return both

    def active(self):
        """Bring the site to where recording may begin."""
        self.init()
        self.run("agreement", "propose", self.plant, self.signed(), passphrase=False)
        self.operate()
        self.run("agreement", "activate", self.plant, "--key", self.key("employer"))
        self.operate()
        return self
