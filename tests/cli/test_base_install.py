import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
EXTRAS = ("pyarrow", "altair", "vl_convert", "jinja2", "fastapi", "sqlalchemy", "typst", "xlsxwriter")


@pytest.mark.parametrize(
    "module",
    ["cli.evaluate", "cli.tables", "cli.study.app", "productivity.comparison", "productivity.summary"],
)
def test_the_base_installation_is_enough(module):
    """Importing needs none of the packages that only extras bring."""
    code = f"import sys; sys.modules.update(dict.fromkeys({EXTRAS!r})); import {module}"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_parquet_without_its_extra_says_what_to_install(tmp_path):
    (tmp_path / "intervals.parquet").write_bytes(b"PAR1")
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from pathlib import Path; from storage.observations import read_observations\n"
        "read_observations(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "intervals.parquet")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines()[-1].endswith(
        "pyarrow is not installed: this command needs pip install 'fairtakt[edge]'"
    )
