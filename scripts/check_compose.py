#!/usr/bin/env python3
"""Usage: check_compose.py docker-compose.yml SETTINGS
Checks a compose file by the compose specification's JSON schema, and by what `poll-mesh-inbox settings --format json`
wrote to SETTINGS: each variable is a setting, each secret is a secret one, and each address leads to a service's port.
"""

import importlib.util
import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import yaml

# What the program reads and does not list, and what belongs to the libraries it stands on.
SUFFIX = "_FILE"


def fail(text):
    sys.exit(f"check-compose: {text}")


def schema():
    """The one that Docker published with docker-compose; nothing of that package is run."""
    package = Path(importlib.util.find_spec("compose").submodule_search_locations[0])
    return json.loads((package / "config/compose_spec.json").read_text())


def listens(service):
    """The port of a service's command."""
    if found := re.search(r"--(?:blobP|p)ort (\d+)", service.get("command", "")):
        return int(found[1])
    return None


def addresses(service, folder, secrets):
    """Every http address in a service's variables and secrets."""
    texts = list((service.get("environment") or {}).values())
    texts += [(folder / secrets[name]["file"]).read_text() for name in service.get("secrets", [])]
    return [urlsplit(found) for text in texts for found in re.findall(r"https?://[^;\s]+", text)]


def main():
    path = Path(sys.argv[1])
    document = yaml.safe_load(path.read_text())
    settings = {setting["name"]: setting["secret"] for setting in json.loads(Path(sys.argv[2]).read_text())}
    jsonschema.validate(document, schema())
    services, secrets = document["services"], document["secrets"]
    jobs = [name for name, service in services.items() if "/poll-mesh-inbox:" in service["image"]]
    if len(jobs) < 2:
        fail(f"jobs: {jobs}")
    for name in jobs:
        service = services[name]
        for variable in service["environment"]:
            setting = variable.removesuffix(SUFFIX)
            if setting not in settings:
                fail(f"{name}: {variable} is no setting")
            if settings[setting] and variable == setting:
                fail(f"{name}: {variable} is secret and stands in the file")
        for secret in service["secrets"]:
            if not settings.get(secret):
                fail(f"{name}: {secret} is no secret setting")
        if service["environment"]["SECRETS_DIRECTORY"] != "/run/secrets":
            fail(f"{name}: SECRETS_DIRECTORY is not where compose mounts secrets")
        for key, value in {"read_only": True, "cap_drop": ["ALL"], "mem_limit": "64m"}.items():
            if service.get(key) != value:
                fail(f"{name}: {key} is {service.get(key)}")
    count = 0
    for name, service in services.items():
        for address in addresses(service, path.parent, secrets):
            if address.hostname not in services or address.port != listens(services[address.hostname]):
                fail(f"{name}: nothing listens at {address.hostname}:{address.port}")
            count += 1
        for other in service.get("depends_on", {}):
            if not set(services[other].get("profiles", [])) <= set(service.get("profiles", [])):
                fail(f"{name}: {other} is of another profile")
    print(f"check-compose: {len(services)} services and {count} addresses are as the schema and the settings say")


if __name__ == "__main__":
    main()
