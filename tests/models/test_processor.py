import pytest

from models.processor import multiplies_bytes

PROCESSORS = {
    "Zen 4": ("flags\t\t: fpu avx2 avx512f avx512_vnni", True),
    "Alder Lake": ("flags : fpu avx2 avx_vnni", True),
    "Skylake": ("flags : fpu avx2 avx512f", False),
    "ARM": ("Features : fp asimd asimddp", False),
    "a name is no flag": ("model name : avx_vnni", False),
    "empty": ("", False),
}


@pytest.mark.parametrize(("text", "expected"), PROCESSORS.values(), ids=PROCESSORS.keys())
def test_processors_that_multiply_bytes(tmp_path, text, expected):
    file = tmp_path / "cpuinfo"
    file.write_text(f"processor : 0\n{text}\n")
    assert multiplies_bytes(file) is expected


def test_a_machine_that_does_not_say_has_none(tmp_path):
    assert multiplies_bytes(tmp_path / "cpuinfo") is False
