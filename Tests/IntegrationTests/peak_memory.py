"""Usage: python peak_memory.py FILE PROGRAM [ARGUMENT]...
Runs PROGRAM in its environment, writes its peak resident memory in KiB to FILE, and exits as it did.

The kernel counts what a process had before it became another program. Started from here, that is a few MiB; started
from the tests, it would be theirs.
"""

import os
import sys

process = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(process, 0)
with open(sys.argv[1], "w", encoding="ascii") as file:
    print(usage.ru_maxrss, file=file)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
