"""What the columns of spreadsheets may be: tables as rows."""

from dataclasses import replace

from crowdcut.vocabulary.library_tables import CONTRIBUTION, CONTRIBUTOR
from crowdcut.vocabulary.shot_tables import SHOT
from crowdcut.vocabulary.table import Table


def _row(table: Table, header: str, instead_of_id: str) -> Table:
    """``table`` as a row of a spreadsheet, where ``id`` may be left away."""
    keys = (replace(key, required=False, default=instead_of_id) if key.name == "id" else key for key in table.keys)
    return replace(table, header=header, keys=tuple(keys))


CONTRIBUTOR_ROW = _row(CONTRIBUTOR, "a row of contributors", "its `name`")
CONTRIBUTION_ROW = _row(CONTRIBUTION, "a row of contributions", "its `file`")
SHOT_ROW = replace(SHOT, header="a row of shots", tables=())
"""What the columns of spreadsheets may be."""
