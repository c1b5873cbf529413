"""What tests of studies share: an engineer at a plant, and studies with data."""

import shutil
from pathlib import Path

from api.policy import Role

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "assembly_cell"
RAW = "application/octet-stream"
STATION = "Vormontagearbeitsplatz Getriebegehäuse"


class Engineer:
    """Asks as an engineer who is signed in."""

    def __init__(self, world):
        self.world, self.data = world, world.data
        self.token = world.viewers.add(Role.ENGINEER)
        self.headers = world.viewers.headers(self.token)

    def ask(self, method, path, **arguments):
        headers = {**self.headers, **arguments.pop("headers", {})}
        return self.world.ask(method, f"/v1/studies{path}", headers=headers, **arguments)

    def page(self, path, language="en"):
        headers = {**self.headers, "Accept": "text/html", "Accept-Language": language}
        return self.world.ask("GET", f"/studies{path}", headers=headers)

    def create(self, name="cell", title="Cell 7", language="en"):
        answer = self.ask("POST", "", json={"name": name, "title": title, "language": language})
        assert answer.status_code == 201, answer.text
        return self.folder(name)

    def folder(self, name="cell"):
        return self.data / "studies" / name

    def revision(self, file="study.yaml", study="cell"):
        return self.ask("GET", f"/{study}").json()["revisions"][file]

    def settings(self, study="cell", **changes):
        return self.ask(
            "PATCH", f"/{study}/settings", json={"revision": self.revision(study=study), **changes}
        )

    def put_rows(self, table, *rows, study="cell"):
        revision = self.ask("GET", f"/{study}/tables/{table}").json()["revision"]
        return self.ask("PUT", f"/{study}/tables/{table}", json={"rows": rows, "revision": revision})

    def upload(self, source, content, *, method="PUT", file="data.csv", study="cell", **query):
        path = f"/{study}/sources/{source}" if method == "PUT" else f"/{study}/previews"
        content = content if isinstance(content, bytes) else content.encode()
        return self.ask(
            method, path, params={"file": file, **query}, content=content, headers={"Content-Type": RAW}
        )

    def copy_example(self, name="assembly_cell"):
        """Put the paper's case study on the server, as somebody may copy a folder there."""
        target = self.folder(name)
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(EXAMPLE, target)
        return target

    def snapshot(self):
        """Every file of every study."""
        root = self.data / "studies"
        return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def studied(self, name="cell", language="de"):
        """A study of two stations with samples in sessions; two periods with output and paid time."""
        self.create(name, "Zelle 7", language)
        systems = [
            {"name": "Werk Nord", "level": "plant"},
            {"name": "Zelle 7", "level": "cell", "part_of": "Werk Nord"},
            {"name": STATION, "level": "workplace", "part_of": "Zelle 7"},
            {"name": "Station 2", "level": "workplace", "part_of": "Zelle 7"},
        ]
        decided = self.settings(
            name,
            systems=systems,
            area="Zelle 7",
            periods=["2026-10", "2026-11"],
            cycle_bound=["RTS"],
            batch_bound=["RTS"],
        )
        assert decided.status_code == 200, decided.text
        sheet = ["system,state,duration,session,number"]
        for session in range(9):
            for piece in range(3):
                sheet.append(f"{STATION},Montieren,{20 + (session + piece) % 3},S{session},{piece}")
                handling = 6 + (session * piece) % 2
                sheet.append(f"{STATION},Teile handhaben,{handling},S{session},{piece}")
        assert (
            self.ask(
                "PUT", f"/{name}/mappings/sheet", json={"kind": "stopwatch", "duration": "s"}
            ).status_code
            == 204
        )
        assert self.upload("sheet", "\n".join(sheet), mapping="sheet", study=name).status_code == 200
        periods = ("2026-10", "2026-11")
        tables = {
            "portfolio": [
                {"product": "Getriebe", "pieces": "800"},
                {"product": "Sonderfall", "pieces": "50"},
            ],
            "paid": [{"system": "Zelle 7", "period": p, "duration_h": "160"} for p in periods]
            + [{"system": STATION, "period": "2026-11", "duration_h": "80"}],
            "output": [
                {"system": "Zelle 7", "period": p, "pieces": n}
                for p, n in zip(periods, ("8000", "8800"), strict=True)
            ],
            "documented": [
                {"system": "Zelle 7", "period": "2026-11", "state": state, "mode": mode, "duration_h": h}
                for state, mode, h in (
                    ("Störung", "OMD", "6.5"),
                    ("Zelle versorgen", "SR", "9"),
                    ("Suchen", "SR", "2"),
                )
            ],
        }
        for table, rows in tables.items():
            assert self.put_rows(table, *rows, study=name).status_code == 200
        return self.folder(name)
