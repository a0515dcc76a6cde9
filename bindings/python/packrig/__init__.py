"""packrig: a battery pack simulator and BMS test rig.

The command line is packrig.cli; scenarios use packrig.scenario.
"""

import os
from pathlib import Path

# In a source tree the compiled core lies in the build folder that ./packrig names.
_build = os.environ.get("PACKRIG_BUILD_DIR")
_built = Path(_build) if _build else Path(__file__).resolve().parents[3] / "build" / "release"
if (_built / "python" / "packrig").is_dir():
    __path__.append(str(_built / "python" / "packrig"))
