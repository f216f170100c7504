"""Every example and every option is linted, rendered, and accepted by the API of Kubernetes."""

import re
import tempfile
import unittest
from functools import cache
from pathlib import Path

import helm_python
from chart import CHART, EXAMPLES, LEAST, example, merged, program, render, render_over
from jsonschema import Draft202012Validator
from kubernetes_validate.utils import all_versions, latest_version, major_minor, schema_contents
from options import OPTIONS
from referencing import Registry, Resource

VERSIONS = ["1.31", major_minor(latest_version())]
# Kinds of operators and drivers, which the API's own schemas don't have.
CUSTOM = {"SecretProviderClass", "ExternalSecret", "PrometheusRule"}
# What the restricted Pod Security Standard lets pods mount.
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


@cache
def definitions(version):
    resource = Resource.from_contents(schema_contents(f"{folder(version)}/_definitions.json", version))
    return (resource @ Registry()).crawl()


@cache
def validator(version, kind, api):
    """What kubernetes-validate's own validate makes anew for each object, which takes a tenth of a second."""
    group = re.sub(r"^([^./]*)(\.[^/]*)?/", r"\1-", api)
    schema = schema_contents(f"{folder(version)}/{kind.lower()}-{group}.json", version)
    return Draft202012Validator(schema, registry=Resource.from_contents(schema) @ definitions(version))


def folder(version):
    (full,) = {name for name in all_versions() if name.startswith(f"{version}.")}
    return f"kubernetes-json-schema/v{full}-local-strict"


class Examples(unittest.TestCase):
    def accept(self, rendered):
        for item in rendered.objects:
            self.assertLessEqual(len(item["metadata"]["name"]), 52 if item["kind"] == "CronJob" else 63)
            for version in VERSIONS:
                if item["kind"] not in CUSTOM:
                    validator(version, item["kind"], item["apiVersion"]).validate(item)

    def restricted(self, rendered):
        """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, field by field."""
        for _, pod in rendered.pods():
            for field in ("hostNetwork", "hostPID", "hostIPC", "initContainers", "ephemeralContainers"):
                self.assertNotIn(field, pod)
            context = pod["securityContext"]
            self.assertIs(context["runAsNonRoot"], True)
            self.assertEqual(context["runAsUser"], 65532)
            self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertLessEqual(
                set(context),
                {"runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup", "fsGroupChangePolicy", "seccompProfile"},
            )
            (container,) = pod["containers"]
            self.assertEqual(
                container["securityContext"],
                {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "runAsNonRoot": True,
                    "capabilities": {"drop": ["ALL"]},
                },
            )
            self.assertNotIn("ports", container)
            for volume in pod.get("volumes", []):
                (kind,) = set(volume) - {"name"}
                self.assertIn(kind, VOLUMES)
            self.assertIs(pod["automountServiceAccountToken"], False)
            self.assertIs(pod["enableServiceLinks"], False)
            for part in ("requests", "limits"):
                self.assertLessEqual({"cpu", "memory"}, set(container["resources"][part]))

    def test_examples_lint_render_and_validate(self):
        self.assertEqual(len(EXAMPLES), 4)
        for path in EXAMPLES:
            with self.subTest(path.name):
                report = helm_python.lint(CHART, example(path), strict=True)
                worse = [message for message in report["messages"] if message["severity"] > 1]
                self.assertEqual((worse, report["errors"]), ([], []))
                rendered = render(example(path))
                self.accept(rendered)
                self.restricted(rendered)

    def test_the_chart_lints_without_values(self):
        report = helm_python.lint(CHART, strict=True)
        self.assertEqual((report["errors"], [m for m in report["messages"] if m["severity"] > 1]), ([], []))

    def test_every_option_validates_on_and_off(self):
        for name, values, _ in OPTIONS:
            with self.subTest(name):
                self.accept(render_over(values))

    def test_all_options_together(self):
        alone = ("no ", "an external secret", "a mounted folder")
        self.accept(render_over(*(values for name, values, _ in OPTIONS if not name.startswith(alone))))

    def test_the_least_is_restricted(self):
        self.restricted(render(LEAST))

    def test_versions_are_those_of_the_program(self):
        version = re.search(r"\d+\.\d+\.\d+", program("--version"))[0]
        metadata = helm_python.Chart.load(CHART).metadata
        self.assertEqual(metadata["appVersion"], version)

    def test_the_package_renders_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            archive = helm_python.package(CHART, destination=folder)
            self.assertEqual(Path(archive).name, f"poll-mesh-inbox-{helm_python.Chart.load(CHART).version}.tgz")
            with helm_python.Chart.load(archive) as packaged:
                names = {file["name"] for file in packaged.files}
                self.assertIn("README.md", names)
                self.assertFalse([name for name in names if name.startswith("ci/")])
                texts = packaged.render(merged(LEAST), name="mesh", namespace="messages")
                self.assertIn("kind: CronJob", texts["poll-mesh-inbox/templates/cronjobs.yaml"])


if __name__ == "__main__":
    unittest.main()
