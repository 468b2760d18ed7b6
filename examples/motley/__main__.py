"""``python -m examples.motley MEDIA [FOLDER]``: write a library and films over MEDIA, say where."""

import sys
from pathlib import Path

from examples.motley.choir import make_choir
from examples.motley.lay import lay

if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
folder = Path(sys.argv[2] if len(sys.argv) == 3 else "motley")
make_choir(folder / "library")
print(lay(Path(sys.argv[1]), folder))
