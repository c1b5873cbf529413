"""The directory as a whole: its papers, its sums, the same bytes again, and nothing after an interruption."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from pydantic import ValidationError

from consent.agreement.language import Language
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import MotionExported
from consent.log.proof import check_proof, parse_proof
from productivity.errors import BadInput
from storage.exports.motion import export as exporting
from storage.exports.motion.card import card_text, plain
from storage.exports.motion.export import Format, erase, export, remove_leftovers
from storage.exports.motion.sums import check_export
from storage.exports.motion.terms import standard_terms
from tests.storage.exports.motion.sets import LOG, USE, WITNESS, licensed_set, motion, segment

ROOT = Path(__file__).parents[4]
PSEUDONYM = re.compile(rb"w-[0-9a-f]{32}")
PAPERS = {"LICENCE.txt", "TERMS.txt", "README.md", "grants.json", "croissant.json", "SHA256SUMS", "proofs"}
CONTENT = {Format.LEROBOT: {"meta", "data"}, Format.MCAP: {"motion.mcap"}, Format.C3D: {"c3d"}}


@pytest.fixture(params=Format)
def format_(request):
    return request.param


def everything(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_every_export_carries_its_papers(exports, format_, licensed):
    root = exports[format_]
    assert {path.name for path in root.iterdir()} == PAPERS | CONTENT[format_]
    assert (root / "TERMS.txt").read_text(encoding="utf-8") == licensed.terms
    assert hashlib.sha256((root / "TERMS.txt").read_bytes()).hexdigest() == licensed.terms_hash
    licence = (root / "LICENCE.txt").read_text(encoding="utf-8")
    assert licence.startswith("SPDX-License-Identifier: LicenseRef-motion-1.0\n")
    grants = json.loads((root / "grants.json").read_text(encoding="utf-8"))
    assert [each["segment"] for each in grants["segments"]] == [each.segment for each in licensed.segments]
    assert {each["grant_commitment"] for each in grants["segments"]} == {
        each.grant_commitment for each in licensed.segments
    }


def test_the_proof_in_an_export_holds_without_the_plant(exports, format_):
    proofs = exports[format_] / "proofs"
    proof = parse_proof((proofs / "motion-used.tlog-proof").read_text(encoding="utf-8"))
    entry = (proofs / "motion-used.json").read_bytes()
    check_proof(proof, entry, LOG.verifier, required=[WITNESS.verifier])
    assert json.loads(entry)["body"]["use"] == USE


def test_the_same_set_makes_the_same_bytes_and_another_does_not(licensed, exports, format_, tmp_path):
    first = export(licensed, format_, tmp_path / "elsewhere" / "again")
    assert everything(tmp_path / "elsewhere" / "again") == everything(exports[format_])
    assert first == check_export(exports[format_])
    later = licensed_set(tmp_path / "log", created_ms=licensed.created_ms + 1)
    assert export(later, format_, tmp_path / "other") != first


AGAIN = """
import sys
from pathlib import Path
from storage.exports.motion.export import Format, export
from tests.storage.exports.motion.sets import licensed_set
root = Path(sys.argv[1])
licensed = licensed_set(root / "log")
print(*(export(licensed, each, root / each.value) for each in Format))
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_makes_the_same_bytes(exports, tmp_path, seed):
    """Whatever memory held before, and in whatever order sets are walked."""
    done = subprocess.run(
        [sys.executable, "-c", AGAIN, tmp_path],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [check_export(exports[each]) for each in Format]


def test_the_hash_is_what_the_log_takes_and_what_sha256sum_says(exports, format_):
    content = check_export(exports[format_])
    MotionExported(use=USE, content=content)
    sums = (exports[format_] / "SHA256SUMS").read_bytes()
    assert hashlib.sha256(sums).hexdigest() == content
    checked = subprocess.run(
        ["/usr/bin/env", "sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=exports[format_],
        capture_output=True,
        text=True,
    )
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("harm", ["changed", "lost", "added", "link", "no sums", "sums of elsewhere"])
def test_an_export_that_is_not_whole_is_noticed(licensed, tmp_path, harm):
    root = tmp_path / "out"
    export(licensed, Format.MCAP, root)
    match harm:
        case "changed":
            (root / "TERMS.txt").write_text(licensed.terms + " ", encoding="utf-8")
        case "lost":
            (root / "LICENCE.txt").unlink()
        case "added":
            (root / "more.txt").write_text("more", encoding="utf-8")
        case "link":
            (root / "LICENCE.txt").unlink()
            (root / "LICENCE.txt").symlink_to(root / "TERMS.txt")
        case "no sums":
            (root / "SHA256SUMS").unlink()
        case _:
            (root / "SHA256SUMS").write_text(f"{'0' * 64}  ../{root.name}/TERMS.txt\n", encoding="utf-8")
    with pytest.raises(BadInput):
        check_export(root)


@pytest.mark.parametrize("step", ["write_papers", "write_croissant", "write_sums"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_export_leaves_nothing(licensed, tmp_path, monkeypatch, step, error, format_):
    def fails(*args):
        raise error

    monkeypatch.setattr(exporting, step, fails)
    with pytest.raises(type(error)):
        export(licensed, format_, tmp_path / "new" / "out")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
from storage.exports.motion import export as exporting
from tests.storage.exports.motion.sets import licensed_set
exporting.write_sums = lambda directory: os._exit(9)
licensed = licensed_set(Path(sys.argv[1]) / "log")
exporting.export(licensed, exporting.Format.MCAP, Path(sys.argv[1]) / "exports" / "out")
"""


def test_what_a_killed_export_leaves_is_hidden_and_removed_by_the_next_start(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], cwd=ROOT)
    assert done.returncode == 9
    (half,) = (tmp_path / "exports").iterdir()
    assert half.name.startswith(".out.")
    assert (half / "motion.mcap").exists()
    (tmp_path / "exports" / "whole").mkdir()
    assert remove_leftovers(tmp_path / "exports") == 1
    assert [path.name for path in (tmp_path / "exports").iterdir()] == ["whole"]
    assert remove_leftovers(tmp_path / "nowhere") == 0


class Killed(BaseException):
    """The process is dead."""


def test_an_export_loses_its_name_before_anything_of_it_goes(licensed, tmp_path, monkeypatch):
    """Killed in the middle, or without power: no half of it under its name, and both ways clear it up."""
    where, steps = tmp_path / "exports", []
    sync = exporting.sync_directory

    def synced(path):
        steps.append(path)
        sync(path)

    def dies(path):
        steps.append(path)
        (path / "motion.mcap").unlink()
        raise Killed

    for again in (lambda: remove_leftovers(where), lambda: erase(where / "out")):
        export(licensed, Format.MCAP, where / "out")
        steps.clear()
        with monkeypatch.context() as patch:
            patch.setattr(exporting, "sync_directory", synced)
            patch.setattr(exporting.shutil, "rmtree", dies)
            with pytest.raises(Killed):
                erase(where / "out")
        assert steps == [where, where / ".out.erased"]
        assert [path.name for path in where.iterdir()] == [".out.erased"]
        again()
        assert list(where.iterdir()) == []


def test_what_is_made_anew_can_be_erased_although_an_earlier_one_was_not_wholly(licensed, tmp_path):
    (tmp_path / ".out.erased" / "c3d").mkdir(parents=True)
    export(licensed, Format.MCAP, tmp_path / "out")
    erase(tmp_path / "out")
    erase(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_not_overwritten(licensed, tmp_path):
    (tmp_path / "precious").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match="not empty"):
        export(licensed, Format.MCAP, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_nobody_else_on_the_machine_can_read_it(licensed, tmp_path):
    export(licensed, Format.MCAP, tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


def test_no_pseudonym_and_no_clock_time_of_motion_stands_anywhere(exports, format_):
    """In the bytes as they lie, and in what is compressed."""
    files = everything(exports[format_])
    if format_ is Format.MCAP:
        messages = make_reader(io.BytesIO(files["motion.mcap"])).iter_messages()
        files["messages"] = b"".join(message.data for _, _, message in messages)
    if format_ is Format.LEROBOT:
        parquet = pytest.importorskip("pyarrow.parquet")
        for name in [name for name in files if name.endswith(".parquet")]:
            files[f"{name} as text"] = str(parquet.read_table(io.BytesIO(files[name])).to_pydict()).encode()
    assert PSEUDONYM.search(b"w-" + b"0" * 32)
    for name, content in files.items():
        assert not zipfile.is_zipfile(io.BytesIO(content)), name
        assert not PSEUDONYM.search(content), name


HOSTILE = [
    "../../../etc/passwd",
    "/dev/null",
    "[x](javascript:alert)",
    "<script>",
    "a|b`c",
    "$(id)",
    "{use}",
    "%s",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_name_and_nothing_else(tmp_path, name):
    hostile = licensed_set(tmp_path / "log", licensee=name, site=name)
    export(hostile, Format.MCAP, tmp_path / "root" / "out")
    assert [path.name for path in (tmp_path / "root").iterdir()] == ["out"]
    assert {path.name for path in (tmp_path / "root" / "out").iterdir()} == PAPERS | {"motion.mcap"}
    page = (tmp_path / "root" / "out" / "README.md").read_text(encoding="utf-8")
    assert f"| {plain(name)} |" in page
    assert "<script>" not in page
    assert "](javascript" not in page
    json.loads((tmp_path / "root" / "out" / "croissant.json").read_text(encoding="utf-8"))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=60), where=st.sampled_from(["licensee", "site", "station", "terms", "licence"]))
def test_whatever_somebody_is_called_it_is_exported_whole_or_refused(tmp_path_factory, text, where):
    root = tmp_path_factory.mktemp("named")
    one = segment("a", motion([0, 100]), **({"station": text} if where == "station" else {}))
    keys = {} if where == "station" else {where: text}
    try:
        named = licensed_set(root / "log", segments=(one,), **keys)
    except (BadInput, ValidationError):  # the log itself takes no such name
        return
    assert export(named, Format.MCAP, root / "out") == check_export(root / "out")


def test_a_licence_that_is_a_text_stands_there_whole_and_has_a_name_by_its_hash(tmp_path):
    own = licensed_set(tmp_path / "log", licence="Anybody may look.\nNobody may sell.")
    export(own, Format.MCAP, tmp_path / "out")
    assert (tmp_path / "out/LICENCE.txt").read_text(encoding="utf-8") == own.licence + "\n"
    name = json.loads((tmp_path / "out/croissant.json").read_text(encoding="utf-8"))["license"]
    assert name == f"LicenseRef-fairtakt-{hashlib.sha256(own.licence.encode()).hexdigest()[:16]}"


def test_motion_that_a_worker_takes_along_is_nobody_elses(tmp_path):
    own = licensed_set(tmp_path / "log", purpose=MotionPurpose.OWN_REVIEW, licensee=None)
    assert "| the person whose motion it is |" in card_text(own, "mcap")


@pytest.mark.parametrize("language", Language)
def test_the_page_says_what_the_data_are_in_both_languages(tmp_path, language, format_):
    german = language is Language.DE
    chosen = licensed_set(tmp_path / "log", language=language, licensee=None, terms=standard_terms(language))
    export(chosen, format_, tmp_path / "out")
    page = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert ("der Betrieb selbst" if german else "the plant itself") in page
    assert ("Keine Bilder" if german else "No pictures") in page
    assert ("Über Lücken wird nichts erfunden" in page or "nothing is invented across gaps" in page) == (
        format_ is not Format.MCAP
    )
    assert not re.search(r"\{[a-z]+\}", page)
    terms = (tmp_path / "out" / "TERMS.txt").read_text(encoding="utf-8")
    assert ("Nach einem Widerruf" if german else "After a withdrawal") in terms
