"""Usage: python verify.py
Lists the container with Microsoft's SDK and compares each blob, byte for byte, with what seed.py ever sent.
"""

import json
from pathlib import Path

import run_demo

sent = [message for file in sorted(Path("/sent").glob("*.json")) for message in json.loads(file.read_text())]
run_demo.check(sent, "nothing was sent")
store = run_demo.Container()
names = store.names()
run_demo.show(store, names)
run_demo.compare(store, names, sent)
