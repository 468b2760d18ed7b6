"""``python -m examples.motley MEDIA [FOLDER]``: write a library and a manifest over MEDIA and say where they are."""

import sys
from pathlib import Path

from examples.motley.lay import lay

if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
print(lay(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) == 3 else "motley")))
