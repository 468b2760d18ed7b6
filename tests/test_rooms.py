"""The house's architecture: which room may import which, and the names that the plan relies on."""

import ast
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from crowdcut import orders
from crowdcut.job_orders import Order
from crowdcut.kinds import READERS
from crowdcut.records import kind_of
from crowdcut.sound import orders as sound_orders
from crowdcut.vocabulary import choices
from renderers import JOBS
from renderers.cards import CARDS
from renderers.sources import SOURCES
from renderers.transitions import TRANSITIONS

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "crowdcut": {"crowdcut"},
    "renderers": {"crowdcut", "renderers"},
    "farm": {"crowdcut", "farm"},
    "flows": {"crowdcut", "farm", "flows"},
    "console": {"crowdcut", "farm", "flows", "console"},
}
"""What each room may import of the house."""
DOORS = {
    # The child process alone meets the renderers.
    "farm/worker.py": {"renderers"},
    # The demo makes its own media.
    "console/demo.py": {"examples"},
}
"""Single files that may import more, and what."""
MEDIA_LIBRARIES = {"av", "cv2", "skia", "PIL", "pillow_heif", "numpy", "scipy", "librosa", "moviepy", "thorvg_python"}


def _sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imported(path: Path) -> Iterator[str]:
    """The top package of each import, wherever in the file it stands."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)}:{node.lineno}: write imports in full"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room):
    house = {*ROOMS, "examples", "tests", "benchmarks"}
    for path in _sources(room):
        arrows = set(_imported(path)) & house - ROOMS[room] - DOORS.get(_name(path), set())
        assert not arrows, f"{_name(path)} imports {', '.join(sorted(arrows))}"


def test_deciding_opens_no_media():
    for path in _sources("crowdcut", "farm", "flows", "console"):
        libraries = set(_imported(path)) & MEDIA_LIBRARIES
        assert not libraries, f"{_name(path)} imports {', '.join(sorted(libraries))}"


def test_prefect_is_spoken_in_one_room():
    for path in _sources("crowdcut", "renderers", "farm", "console"):
        assert "prefect" not in set(_imported(path)), _name(path)


def test_a_flow_file_can_be_loaded_under_any_name():
    # Prefect puts flows/ first on sys.path, and loads a flow's file a second time under a name of its own.
    for path in _sources("flows"):
        assert path.stem not in sys.stdlib_module_names | {"prefect"}
        assert not [one for one in ast.walk(ast.parse(path.read_bytes())) if isinstance(one, ast.ClassDef)], _name(path)


def test_one_module_starts_processes():
    starters = {"subprocess", "multiprocessing", "asyncio", "pty"}
    found = {_name(path) for path in _sources(*ROOMS) if starters & set(_imported(path))}
    assert found == {"farm/processes.py"}


def test_no_shell_gets_a_file_name():
    for path in _sources(*ROOMS, "examples"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("os.system", "os.popen"), f"{_name(path)}:{node.lineno}"
                shell = [one for one in node.keywords if one.arg == "shell"]
                assert not shell, f"{_name(path)}:{node.lineno}"


def test_every_room_is_a_package_and_nothing_is_called_utils():
    for room in ROOMS:
        for folder in {path.parent for path in _sources(room)}:
            assert (folder / "__init__.py").is_file(), f"{_name(folder)} is no package"
    for path in _sources(*ROOMS, "examples", "tests"):
        assert path.stem not in ("utils", "util", "helpers", "misc", "common"), _name(path)


@pytest.mark.parametrize(
    ("folder", "registry"), [("renderers.sources", SOURCES), ("renderers.transitions", TRANSITIONS)]
)
def test_the_plan_finds_a_renderer_by_its_name(folder, registry):
    # crowdcut.plan names modules by this convention, since it cannot import the registries.
    assert registry == {name: f"{folder}.{name}" for name in registry}
    for module in registry.values():
        assert ROOT.joinpath(*module.split(".")).with_suffix(".py").is_file()


def test_every_kind_of_job_is_a_module_with_its_order():
    for kind, (module, order) in JOBS.items():
        assert module == f"renderers.{kind}"
        assert order.__name__ == f"{kind.title()}Order"
        assert callable(import_module(module).run)
    assert {order for _, order in JOBS.values()} == set(Order.__args__)


def test_the_renderers_draw_all_that_a_layer_can_show():
    assert {kind_of(source) for source in orders.Source.__args__} == set(SOURCES)
    assert all(callable(import_module(module).frames) for module in SOURCES.values())
    for name in READERS:
        module = import_module(f"renderers.sources.{name}")
        assert callable(module.examine)
        # What it draws itself is a still or an animation that names it.
        assert name in SOURCES or "reader=" not in inspect.getsource(module) or callable(module.frames)
    assert all(callable(import_module(module).weights) for module in TRANSITIONS.values())


def test_the_words_of_a_manifest_are_the_renderers_own():
    # A cut is no transition, and the credits are a source of their own.
    assert set(choices.TRANSITIONS) == {"cut", *TRANSITIONS}
    assert set(choices.CARDS) == {"credits", *CARDS}
    assert set(choices.FITS) == set(orders.Fit.__args__)
    assert set(choices.FILLS) == set(orders.Fill.__args__)
    assert {"no", *choices.DUCKS} == set(sound_orders.Ducks.__args__)
    assert set(choices.BUSES) | {"shot"} == set(sound_orders.Bus.__args__)


def test_every_room_says_in_one_sentence_what_it_is_for():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for folder in {path.parent for path in _sources("crowdcut", "renderers")} - {ROOT / "crowdcut", ROOT / "renderers"}:
        docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_bytes()))
        assert docstring, f"{_name(folder)} says nothing"
        sentence = " ".join(docstring.partition("\n\n")[0].split()).replace("``", "`")
        assert f"| `{folder.name}/` | {sentence} |" in page, f"docs/architecture.md says another of {_name(folder)}"


def test_beside_the_jobs_nothing_lies_about_in_the_renderers():
    parts = {path.stem for path in (ROOT / "renderers").glob("*.py")} - JOBS.keys()
    assert parts == {"__init__", "job", "patch"}
