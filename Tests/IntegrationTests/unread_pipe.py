"""Usage: python unread_pipe.py PROGRAM [ARGUMENT]...
Runs PROGRAM in its environment with a stdout that is full and that nobody reads, passes SIGTERM on to it, and exits as
it did.
"""

import fcntl
import os
import signal
import sys

reading, writing = os.pipe()
fcntl.fcntl(writing, fcntl.F_SETFL, os.O_NONBLOCK)
try:
    while True:
        os.write(writing, b"." * 4096)
except BlockingIOError:
    pass
# As a container's runtime gives it: whoever writes, waits.
fcntl.fcntl(writing, fcntl.F_SETFL, 0)
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)])
signal.signal(signal.SIGTERM, lambda *_: os.kill(process, signal.SIGTERM))
code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
