"""What stands in deploy/ fits the program: its commands, its options, and the promises of its README."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from cli.main import COMMANDS, application

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
UNITS = SERVICES + sorted(DEPLOY.glob("*.timer"))
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
PROGRAM = "/opt/fairtakt/bin/fairtakt"


def settings(unit):
    """Return each key of a unit with its values, in order."""
    text = re.sub(r"\\\n", " ", unit.read_text(encoding="utf-8"))
    found = {}
    for line in text.splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key, []).append(" ".join(value.split()))
    return found


def commands_of(unit):
    for line in settings(unit).get("ExecStart", []):
        words = shlex.split(line)
        if words[0] == "/bin/sh":
            words = shlex.split(words[2].removeprefix("exec "))
        yield words


def options_of(words):
    """Return the options that a command of fairtakt has; fails if there is no such command."""
    command = typer.main.get_command(application())
    words = list(words)
    while getattr(command, "commands", None):
        name = words.pop(0)
        assert name in command.commands, name
        command = command.commands[name]
    return {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_each_unit_runs_a_command_that_there_is_with_options_that_it_has(unit):
    found = list(commands_of(unit))
    assert len(found) == 1
    for words in found:
        assert words[0] == PROGRAM
        wanted = {word for word in words[1:] if word.startswith("--")}
        assert wanted <= options_of(words[1:])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_secrets_come_as_credentials_and_each_is_named_in_the_readme(unit):
    found = settings(unit)
    loaded = {line.partition(":")[0]: line.partition(":")[2] for line in found.get("LoadCredential", [])}
    used = {
        word.removeprefix("%d/") for words in commands_of(unit) for word in words if word.startswith("%d/")
    }
    assert used == loaded.keys()
    for file in [*loaded.values(), *found.get("EnvironmentFile", [])]:
        assert file.startswith("/etc/fairtakt/")
        assert f"`{Path(file).name}`" in README
    text = unit.read_text(encoding="utf-8")
    for variable in re.findall(r"\$\{([A-Z_]+)\}", text):
        assert variable in README
    assert "/" not in found["StateDirectory"][0]


HARD = {
    "DynamicUser": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "RestrictNamespaces": "yes",
    "LockPersonality": "yes",
    "SystemCallArchitectures": "native",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "LimitCORE": "0",
}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_each_unit_gives_up_what_it_does_not_need(unit):
    found = settings(unit)
    for key, value in HARD.items():
        assert found.get(key) == [value], key
    assert found["SystemCallFilter"][:2] == ["@system-service", "~@privileged"]
    draws_charts = unit.name == "fairtakt-server.service"
    assert (found.get("MemoryDenyWriteExecute") == ["yes"]) is not draws_charts
    assert "ReadWritePaths" not in found
    if unit.name != "fairtakt-edge.service":
        assert (found["IPAddressDeny"], found["IPAddressAllow"]) == (["any"], ["localhost"])


@pytest.fixture
def installed(tmp_path):
    """The units as they are, but with a program that is there."""
    program = shutil.which("true")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, program)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def analyze(*words):
    done = subprocess.run(
        [shutil.which("systemd-analyze"), *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@needs_systemd
@pytest.mark.parametrize("unit", [unit.name for unit in UNITS])
def test_systemd_understands_each_line(installed, unit):
    status, said = analyze("verify", "--man=no", str(installed / unit))
    assert (status, said.strip()) == (0, "")


@needs_systemd
@pytest.mark.parametrize("unit", [unit.name for unit in SERVICES])
def test_systemd_counts_little_that_is_left_open(installed, unit):
    """Its scale goes from 0 to 10; a unit without any of these settings has 9.6."""
    status, said = analyze("security", "--offline=true", "--threshold=15", str(installed / unit))
    assert status == 0, said[-300:]


@pytest.mark.parametrize("unit", [unit.name for unit in UNITS])
def test_each_unit_is_named_in_the_readme(unit):
    assert f"`{unit}`" in README


def test_timers_start_services_that_there_are():
    for timer in DEPLOY.glob("*.timer"):
        assert (DEPLOY / f"{timer.stem}.service").exists()
        assert settings(timer)["Persistent"] == ["yes"]


OPERATION = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")


def commands_in(text):
    for block in re.findall(r"```\n(.*?)```", text, re.DOTALL):
        for line in re.sub(r"\\\n", " ", block).splitlines():
            words = line.replace("…", "x").split()
            for number, word in enumerate(words):
                name = words[number + 1] if number + 1 < len(words) else ""
                if word in {PROGRAM, "fairtakt"} and name in COMMANDS:
                    yield words[number + 1 :]


@pytest.mark.parametrize(
    ("text", "names"),
    [(README, {"serve", "log", "account"}), (OPERATION, {"backup", "restore"})],
    ids=["README", "operation.md"],
)
def test_commands_that_are_shown_have_the_options_that_are_named(text, names):
    found = list(commands_in(text))
    assert {words[0] for words in found} == names
    for words in found:
        wanted = {word for word in words if word.startswith("--")}
        assert wanted <= options_of([word for word in words if not word.startswith("-")]), words


def test_each_metric_is_described_and_each_that_is_described_is_told(tmp_path):
    pytest.importorskip("prometheus_client", reason="the extra server is not installed")
    from api.services import Services
    from api.watched import watch
    from storage.sql.database import Database
    from storage.sql.store import SqlStore
    from tests.api.site_in_memory import MemorySite
    from tests.consent.conftest import MemoryFiles
    from tests.consent.world import World

    world = World(MemoryFiles()).founded().agreed()
    world.cosigned()
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        services = Services(SqlStore(database), database, lambda: world.now_ms, site=MemorySite(world))
        watch(services)
        services.metrics.answered("/x", "GET", 200, 0.1)
        text = services.metrics.text().decode()
    told = {
        name
        for name in re.findall(r"^# TYPE (fairtakt_\w+)", text, re.MULTILINE)
        if not name.endswith("_created")
    }
    assert told == set(re.findall(r"`(fairtakt_\w+)[`{]", OPERATION))


def test_the_container_is_not_root_and_holds_no_key():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines() if line and not line.startswith("#")]
    images = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert images
    assert all("/" not in image and image.count(":") == 1 for image in images)  # a plain name, no host
    last = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM ")) :]
    (user,) = [line.split()[1] for line in last if line.startswith("USER ")]
    assert int(user.partition(":")[0]) > 0
    for line in lines:
        if line.startswith("COPY ") and "--from=" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
    assert not re.search(r"\.key|\.pass|secret", text)
    assert "--read-only" in README


def test_every_room_of_the_program_is_in_the_container():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    for room in project["tool"]["uv"]["build-backend"]["module-name"]:
        assert f"COPY {room} {room}\n" in text
    extras = re.search(r"'\.\[([a-z,]+)\]'", text)[1].split(",")
    assert set(extras) <= project["project"]["optional-dependencies"].keys()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own word against executable memory")
@pytest.mark.parametrize("draws", [False, True], ids=["the nightly services", "the server"])
def test_only_what_draws_charts_needs_memory_that_is_written_and_run(tmp_path, draws):
    """Why MemoryDenyWriteExecute is set for all units but one. If this changes, set it there too."""
    pytest.importorskip("vl_convert", reason="the extra server is not installed")
    deny = "import ctypes, sys\nif ctypes.CDLL(None).prctl(65, 1, 0, 0, 0): sys.exit(77)\n"  # PR_SET_MDWE
    charts = "import vl_convert\nvl_convert.vega_to_svg({'width': 9, 'height': 9, 'marks': []})\n"
    rows = (
        "from storage.sql.database import Database\nfrom storage.backup.take import take_backup\n"
        "from pathlib import Path\n"
        f"with Database('sqlite:///{tmp_path}/x.db') as opened:\n"
        f"    take_backup(opened, None, Path('{tmp_path}/b'), 1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", deny + (charts if draws else rows)], cwd=ROOT, capture_output=True, check=False
    )
    if done.returncode == 77:
        pytest.skip("this kernel cannot forbid memory that is written and run")
    assert (done.returncode == 0) is not draws, done.stderr[-300:]
