"""Renders the chart, and finds things in what comes out."""

import copy
import json
import os
import subprocess
from functools import cache
from pathlib import Path

import helm_python
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
CHART = ROOT / "helm/poll-mesh-inbox"
EXAMPLES = sorted((CHART / "ci").glob("*-values.yaml"))
RELEASE, NAMESPACE = "mesh", "messages"
CRONJOB = "mesh-poll-mesh-inbox-x26abc1"

# The least that renders: one mailbox, a Secret, an account.
LEAST = {
    "image": {"repository": "registry.example.com/poll-mesh-inbox"},
    "mailboxes": {"X26ABC1": {}},
    "defaults": {
        "existingSecret": "mesh",
        "settings": {
            "MESH_BASE_URL": "https://mesh-sync.spineservices.nhs.uk",
            "BSO_CODE_SOURCE": "file-name",
            "AZURE_STORAGE_ACCOUNT_URL": "https://example.blob.core.windows.net",
        },
    },
}


class StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Refuses a key that a map has twice, which a cluster would resolve in silence."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{sorted(twice)} twice", node.start_mark)
        return super().construct_mapping(node, deep)


def merged(base, *others):
    """The maps one over the other, as Helm merges files of values."""
    result = copy.deepcopy(base)
    for other in others:
        for key, value in other.items():
            both = isinstance(value, dict) and isinstance(result.get(key), dict)
            result[key] = merged(result[key], value) if both else copy.deepcopy(value)
    return result


def defaults(**values):
    return {"defaults": values}


def mailbox(**values):
    return {"mailboxes": {"X26ABC1": values}}


def example(path):
    return helm_python.values_from_yaml(path.read_text())


@cache
def loaded():
    return helm_python.Chart.load(CHART)


def render(values, name=RELEASE, namespace=NAMESPACE):
    """The chart's objects and notes; raises HelmError where values are refused."""
    return Rendered(rendered_texts(json.dumps(values), name, namespace))


@cache
def rendered_texts(values, name, namespace):
    return loaded().render(json.loads(values), name=name, namespace=namespace)


def render_over(*values, **options):
    return render(merged(LEAST, *values), **options)


class Rendered:
    def __init__(self, texts):
        self.notes = next(text for path, text in texts.items() if path.endswith("NOTES.txt"))
        self.text = "\n".join(text for path, text in texts.items() if not path.endswith("NOTES.txt"))
        documents = (
            document
            for path, text in texts.items()
            if not path.endswith("NOTES.txt")
            for document in yaml.load_all(text, StrictLoader)
        )
        self.objects = [document for document in documents if document]

    def of(self, kind):
        return [item for item in self.objects if item["kind"] == kind]

    def one(self, kind, name=None):
        (found,) = [item for item in self.of(kind) if name in (None, item["metadata"]["name"])]
        return found

    @property
    def cronjob(self):
        return self.one("CronJob")

    @property
    def job(self):
        return self.cronjob["spec"]["jobTemplate"]["spec"]

    @property
    def pod(self):
        return self.job["template"]["spec"]

    @property
    def container(self):
        (container,) = self.pod["containers"]
        return container

    @property
    def environment(self):
        return environment(self.pod)

    def pods(self):
        """Each pod's metadata and spec, those of CronJobs and those of tests."""
        for item in self.of("CronJob"):
            template = item["spec"]["jobTemplate"]["spec"]["template"]
            yield template["metadata"], template["spec"]
        for item in self.of("Pod"):
            yield item["metadata"], item["spec"]


def environment(pod):
    (container,) = pod["containers"]
    return {entry["name"]: entry.get("value") for entry in container["env"]}


def volume(pod, name):
    (found,) = [item for item in pod["volumes"] if item["name"] == name]
    return found


def secret_files(pod):
    """What the projected volume holds: the file's name, and where it comes from."""
    return {
        item["path"]: (kind, place["name"], item["key"])
        for source in volume(pod, "secrets")["projected"]["sources"]
        for kind, place in source.items()
        for item in place["items"]
    }


def at(value, path):
    """What is at a path such as `spec.rules.0.name`; raises KeyError or IndexError where nothing is."""
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def binary():
    """The built program: that of the environment, the static one, or that of the tests."""
    named = os.environ.get("POLL_MESH_INBOX_BINARY")
    candidates = [Path(named)] if named else []
    candidates += [
        ROOT / "dist/poll-mesh-inbox",
        ROOT / ".build-tests/release/poll-mesh-inbox",
        ROOT / ".build/release/poll-mesh-inbox",
    ]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileNotFoundError("No built poll-mesh-inbox: run make static, or name one in POLL_MESH_INBOX_BINARY")


@cache
def program(*arguments):
    return subprocess.run([binary(), *arguments], check=True, capture_output=True, text=True).stdout


@cache
def printed_settings():
    """What `poll-mesh-inbox settings` prints, by name."""
    return {setting["name"]: setting for setting in json.loads(program("settings", "--format", "json"))}
