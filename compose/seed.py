"""Usage: python seed.py
Sends messages to the sandbox at SANDBOX_URL and writes what it sent into /sent, for verify.py.
"""

import json
import time
from pathlib import Path

import seed_sandbox

sent = seed_sandbox.seed()
Path(f"/sent/{time.time_ns()}.json").write_text(json.dumps(sent))
for message in sent:
    print(f"{message['id']}  {message['what']}")
