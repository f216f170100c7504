"""Usage: .venv-chart/bin/python helm/tests/render.py <VALUES >OBJECTS
Renders the chart with values in JSON, over none, and prints its objects as a JSON list.
"""

import json
import sys

from chart import render

if __name__ == "__main__":
    json.dump(render(json.load(sys.stdin)).objects, sys.stdout)
