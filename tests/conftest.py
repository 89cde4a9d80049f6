"""Access is closed unless something opens it: these tests are about other things, but for those that close it."""

import os

os.environ["CUMULOG_ACCESS"] = "open"
