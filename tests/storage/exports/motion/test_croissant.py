"""Croissant metadata: complete, true of the files, and read by `mlcroissant`."""

import hashlib
import json
import uuid

import numpy as np
import pyarrow.parquet as pq
import pytest

from storage.exports.motion.export import Format, export
from tests.storage.exports.motion.sets import licensed_set

# mlcroissant is behind what rdflib and pandas recommend by now.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The inplace keyword"),
]


@pytest.fixture(params=Format)
def root(request, exports):
    return exports[request.param]


def read(root):
    return json.loads((root / "croissant.json").read_text(encoding="utf-8"))


def test_it_lists_every_file_with_its_hash(root):
    listed = {each["@id"]: each for each in read(root)["distribution"]}
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert listed.keys() == there - {"croissant.json", "SHA256SUMS"}
    for name, each in listed.items():
        content = (root / name).read_bytes()
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert each["contentSize"] == f"{len(content)} B"
        assert each["contentUrl"] == name


def test_it_says_what_it_was_derived_from_and_whose_data_it_is(root, licensed):
    document = read(root)
    assert document["conformsTo"][0] == "http://mlcommons.org/croissant/1.0"
    segments = [str(uuid.UUID(each.segment)) for each in licensed.segments]
    assert document["prov:wasDerivedFrom"] == [{"@id": f"urn:uuid:{name}"} for name in segments]
    assert "personal data" in document["rai:personalSensitiveInformation"][0]
    assert document["license"] == "LicenseRef-motion-1.0"
    assert document["datePublished"] == "2027-03-02"
    assert document["creator"] == {"@type": "sc:Organization", "name": "works north"}


def test_a_site_that_is_not_named_to_the_licensee_is_nowhere(tmp_path):
    export(licensed_set(tmp_path / "log", site=None), Format.MCAP, tmp_path / "out")
    assert "creator" not in read(tmp_path / "out")
    assert not [
        path for path in (tmp_path / "out").rglob("*") if path.is_file() and b"north" in path.read_bytes()
    ]


def test_mlcroissant_finds_neither_error_nor_warning(root):
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    issues = mlcroissant.Dataset(jsonld=root / "croissant.json").metadata.ctx.issues
    assert not issues.errors
    assert not issues.warnings


def test_mlcroissant_reads_the_frames(exports):
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    root = exports[Format.LEROBOT]
    dataset = mlcroissant.Dataset(jsonld=root / "croissant.json")
    own = "data-chunk-000-file-000"
    records = list(dataset.records(own))
    table = pq.read_table(root / "data/chunk-000/file-000.parquet").to_pydict()
    assert [record[f"{own}/index"] for record in records] == table["index"]
    states = np.array([record[f"{own}/observation.state"] for record in records], np.float32)
    assert np.array_equal(states, np.array(table["observation.state"], np.float32), equal_nan=True)
    assert [bool(record[f"{own}/measured"]) for record in records] == table["measured"]
