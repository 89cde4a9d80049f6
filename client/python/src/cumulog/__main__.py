"""`python -m cumulog`: the command, where its folder is not on PATH."""

import sys

from cumulog._command import main

sys.exit(main())
