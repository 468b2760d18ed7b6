"""The verifier's rules are on the page as they are, each with its source; and it shares nothing with the writers."""

import subprocess
import sys
from pathlib import Path

from crowdcut.disc.rules import FAMILIES, RULES
from crowdcut.disc.rules_page import page_with_rules

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "disc.md"
WRITERS = (
    "vtskit",
    "udfkit",
    "av",
    "cv2",
    "skia",
    "PIL",
    "pysubs2",
    "renderers.disc",
    "renderers.master",
    "renderers.picture",
)


def test_the_page_has_the_rules() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page_with_rules(page) == page, "run: python -m crowdcut.disc.rules_page docs/disc.md"
    assert all(f"| `{name}` |" in page for name in RULES)


def test_each_rule_has_its_source_and_stands_in_a_family() -> None:
    assert all(rule.id == name and rule.says and rule.source for name, rule in RULES.items())
    # The families stand together: the order of the table is that of the list.
    assert list(dict.fromkeys(rule.family for rule in RULES.values())) == list(FAMILIES)


def test_the_verifier_imports_nothing_that_writes_discs() -> None:
    # Asked of Python itself: whatever is imported on the way counts too.
    script = "import sys, renderers.verify; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "renderers.verify.disc" in loaded
    wrong = {one for one in loaded for name in WRITERS if one == name or one.startswith(f"{name}.")}
    assert not wrong
    others = {one for one in loaded if one.startswith("renderers.") and not one.startswith("renderers.verify")}
    assert others == {"renderers.job"}
