"""python3 -m packrig"""

import sys

from packrig.cli import main

if __name__ == "__main__":
    sys.exit(main())
