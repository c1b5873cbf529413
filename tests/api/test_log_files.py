"""The log over HTTP: the auditor's own command reads it; nothing else of the disk can be had."""

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from api.policy import Role
from api.problems import Problem
from api.routes import log_files
from api.services import Services
from api.viewer import everybody
from cli.audit import audit
from consent.agreement.vocabulary import Role as Viewer
from consent.agreement.vocabulary import View
from consent.entries.bodies import AccessViewed
from consent.log.http import HttpFiles
from consent.log.verify import verify_log
from tests.api.consented import Consented
from tests.api.pages.conftest import serving
from tests.api.plant import Plant, is_problem
from tests.api.viewers import Viewers

AT = "2027-02-10T09:00:00.000Z"


@pytest.fixture
def consented(tmp_path):
    return Consented(tmp_path / "site")


@pytest.fixture
def world(tmp_path, consented):
    """The whole server, its log, and the council signed in."""
    with (
        consented.desk() as desk,
        Plant(f"sqlite:///{tmp_path}/plant.db", accounts=Viewers, secure=False, site=desk) as plant,
    ):
        plant.desk = desk
        plant.council = plant.viewers.headers(plant.viewers.add(Role.COUNCIL))
        yield plant


@pytest.fixture
def address(world):
    """The log served to everybody, as where the witness reads it."""
    services = Services(world.store, world.database, lambda: 0, site=world.desk)
    app = FastAPI(openapi_url=None)
    app.include_router(log_files.routes(services, everybody))

    @app.exception_handler(Problem)
    async def refuse(_, problem):
        return problem.response()

    with serving(app) as url:
        yield f"{url}/log"


def look(desk, number):
    desk.say(
        AccessViewed(
            role=Viewer.ENGINEER, who=f"{number:064x}", view=View.TIMELINES, station="assembly bench"
        )
    )


def test_the_log_is_verified_where_it_is_served(world, consented, address):
    for number in range(300):  # more than one tile
        look(world.desk, number)
    size = world.desk.state().size
    assert verify_log(HttpFiles(address), consented.world.log.verifier).size == size
    (entries,) = {HttpFiles(address).read("tile/entries/000")}
    assert entries == (consented.plant.log / "tile" / "entries" / "000").read_bytes()


def run(tmp_path, consented, log):
    policy = tmp_path / "council.policy"
    policy.write_text(consented.policy())
    words = ["verify", str(log), "--policy", str(policy), "--at", AT]
    return CliRunner().invoke(audit, words, catch_exceptions=False)


def test_the_auditors_command_judges_it_there_as_in_a_copy(tmp_path, world, consented, address):
    """The witness's evidence is read too: without the index an auditor would miss all but the newest."""
    look(world.desk, 1)
    served = run(tmp_path, consented, address)
    assert (served.exit_code, served.output) == (0, run(tmp_path, consented, consented.plant.log).output)
    assert "All kept: no breach found." in served.output
    names = (HttpFiles(address).read("cosigned/index")).decode().split()
    assert names == sorted(
        path.name for path in (consented.plant.log / "cosigned").iterdir() if path.name != "latest"
    )
    assert names


def test_a_changed_log_is_found_out_over_http(tmp_path, world, consented, address):
    bundle = consented.plant.log / "tile" / "entries" / "000.p" / str(world.desk.state().size)
    bundle.write_bytes(bundle.read_bytes().replace(b"edge-1", b"edge-2", 1))
    served = run(tmp_path, consented, address)
    assert served.exit_code == 1
    assert "does not fit its tile" in served.output


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("checkpoint", "text/plain; charset=utf-8"),
        ("cosigned/latest", "text/plain; charset=utf-8"),
        ("cosigned/index", "text/plain; charset=utf-8"),
        ("tile/0/000.p/{size}", "application/octet-stream"),
        ("tile/entries/000.p/{size}", "application/octet-stream"),
    ],
)
def test_the_council_reads_each_file_as_it_lies_on_disk(world, consented, path, kind):
    path = path.format(size=world.desk.state().size)
    answer = world.ask("GET", f"/log/{path}", headers=world.council)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    if path != "cosigned/index":
        assert answer.content == (consented.plant.log / path).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "", ".writer.lock", "../acts/a.note", "..%2facts%2fa.note", "%2e%2e/acts/a.note", "//etc/passwd",
        "tile/0/..%2f..%2f..%2fgrants%2fx", "%2fetc%2fpasswd", "tile/0/000.p/4%00", "cosigned",
        "cosigned/", "tile/0", "tile/entries/000", "tile/7/000", "cosigned/1.1",
    ],
)  # fmt: skip
def test_nothing_else_of_the_disk_is_handed_out(world, consented, path):
    (consented.plant.acts / "a.note").write_text("secret")
    answer = world.ask("GET", f"/log/{path}", headers=world.council)
    assert b"secret" not in answer.content
    assert is_problem(answer, 404, "not-found")


def test_only_whom_the_policy_names_reads_it(world):
    assert is_problem(world.ask("GET", "/log/checkpoint"), 401, "sign-in")
    for role in set(Role) - {Role.COUNCIL}:
        headers = world.viewers.headers(world.viewers.add(role))
        assert is_problem(world.ask("GET", "/log/checkpoint", headers=headers), 403, "forbidden")


def test_nothing_is_written_there(world):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert is_problem(world.ask(method, "/log/checkpoint", headers=world.council), 405, "method")


def test_a_server_without_a_log_says_so(tmp_path):
    with Plant(f"sqlite:///{tmp_path}/plant.db", accounts=Viewers, secure=False) as plant:
        headers = plant.viewers.headers(plant.viewers.add(Role.COUNCIL))
        assert "--plant" in is_problem(plant.ask("GET", "/log/checkpoint", headers=headers), 503, "log")
