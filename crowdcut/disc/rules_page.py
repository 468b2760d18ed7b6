"""Writes the table of docs/disc.md that says what the verifier checks, from the rules themselves.

``python -m crowdcut.disc.rules_page docs/disc.md`` puts it into the page; a test holds the page equal.
"""

import re
import sys
from pathlib import Path

from crowdcut.disc.rules import FAMILIES, RULES

_SECTION = re.compile(r"(<!-- rules: made from crowdcut/disc/rules\.py -->\n).*?(<!-- /rules -->)", re.DOTALL)


def rules_table() -> str:
    """The rules as Markdown: a table for each family."""
    parts = []
    for family in FAMILIES:
        rows = (
            f"| `{rule.id}` | {rule.says} | {rule.number or ' '} | {rule.source} |\n"
            for rule in RULES.values()
            if rule.family == family
        )
        parts.append(
            f"\n**{family.capitalize()}**\n\n| rule | what must be so | number | source |\n|---|---|---|---|\n"
        )
        parts.extend(rows)
    return "".join(parts) + "\n"


def page_with_rules(page: str) -> str:
    """The page with the rules as they are now."""
    return _SECTION.sub(lambda found: f"{found[1]}{rules_table()}{found[2]}", page)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(page_with_rules(target.read_text(encoding="utf-8")), encoding="utf-8")
