"""The chart and the program can't drift apart: names, files, paths and defaults are compared."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from chart import (
    CHART,
    EXAMPLES,
    binary,
    defaults,
    environment,
    example,
    mailbox,
    printed_settings,
    program,
    render,
    render_over,
    secret_files,
)
from options import OPTIONS

# A secret because it may hold a password; the chart refuses one that does.
SOMETIMES_SECRET = {"HTTPS_PROXY"}
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
DEFAULTS = SCHEMA["definitions"]["defaults"]["properties"]
PLAIN = SCHEMA["definitions"]["settings"]["properties"]
FILES = DEFAULTS["secretKeys"]["properties"]
SAMPLES = {
    "MESH_BASE_URL": "https://mesh.example/x",
    "AZURE_STORAGE_ACCOUNT_URL": "https://a.blob.core.windows.net",
    "GRACE_PERIOD": "7s",
    "RUN_DEADLINE": "11m",
}


def sample(name):
    choices = PLAIN[name].get("enum")
    return SAMPLES.get(name) or (choices[0] if choices else "7")


class Settings(unittest.TestCase):
    def test_each_setting_is_reachable_and_there_is_no_other(self):
        self.assertEqual(set(PLAIN) | set(FILES) | {"MESH_MAILBOX_ID"}, set(printed_settings()))

    def test_secrets_are_files_only(self):
        secret = {name for name, setting in printed_settings().items() if setting["secret"]}
        self.assertEqual(secret & set(PLAIN), SOMETIMES_SECRET)
        self.assertLessEqual(secret, set(FILES))
        for group in ("objects",):
            self.assertEqual(set(DEFAULTS["keyVault"]["properties"][group]["properties"]), set(FILES))
        self.assertEqual(set(DEFAULTS["externalSecret"]["properties"]["data"]["properties"]), set(FILES))
        self.assertFalse(set(DEFAULTS["configMapKeys"]["properties"]) & secret)

    def test_the_chart_knows_every_secret(self):
        text = (CHART / "templates/_mailboxes.tpl").read_text()
        known = set(re.search(r'"poll-mesh-inbox.secretSettings" -}}\n(.*)\n', text)[1].split())
        secret = {name for name, setting in printed_settings().items() if setting["secret"]}
        certificates = {name for name in FILES if name.endswith("_CERTIFICATE")}
        self.assertLessEqual(secret - SOMETIMES_SECRET, known)
        self.assertEqual(known | SOMETIMES_SECRET | certificates, set(FILES))

    def test_choices_are_those_of_the_program(self):
        checked = set()
        for name, setting in printed_settings().items():
            words = re.fullmatch(r"(?:one of )?((?:[a-z-]+(?:, | or )?)+)", setting["expected"])
            if name in PLAIN and words and re.search(r", | or ", words[1]):
                checked.add(name)
                with self.subTest(name):
                    choices = [choice for choice in PLAIN[name].get("enum", []) if not isinstance(choice, bool)]
                    self.assertEqual(choices, [*re.split(r", | or ", words[1]), "", None])
        self.assertEqual({name for name, form in PLAIN.items() if "enum" in form} - checked, set())
        self.assertGreater(len(checked), 5)

    def test_a_value_of_each_setting_arrives(self):
        for name in PLAIN:
            with self.subTest(name):
                values = {"settings": {name: sample(name)}}
                if name == "STORAGE_DIRECTORY":
                    values["settings"]["AZURE_STORAGE_ACCOUNT_URL"] = ""
                for layer in (defaults(**values), mailbox(**values)):
                    self.assertEqual(render_over(layer).environment[name], sample(name))

    def test_each_secret_arrives_as_a_file(self):
        for name in FILES:
            with self.subTest(name):
                values = {"secretKeys": {name: "other/key"}}
                if name == "AZURE_STORAGE_CONNECTION_STRING":
                    values["settings"] = {"AZURE_STORAGE_ACCOUNT_URL": ""}
                rendered = render_over(mailbox(**values))
                self.assertEqual(secret_files(rendered.pod)[name], ("secret", "other", "key"))
                self.assertNotIn(name, rendered.environment)

    def test_numbers_and_flags_are_text(self):
        for value, text in (
            (7, "7"),
            (33554432, "33554432"),
            (10**15, "1000000000000000"),
            (0, "0"),
            (True, "true"),
            (False, "false"),
        ):
            name = "OTEL_SDK_DISABLED" if isinstance(value, bool) else "CONCURRENCY"
            with self.subTest(value):
                self.assertEqual(render_over(mailbox(settings={name: value})).environment[name], text)

    def test_what_is_not_set_is_the_programs_own_default(self):
        settings = render_over(defaults(settings={name: None for name in ("GRACE_PERIOD", "RUN_DEADLINE")})).environment
        self.assertEqual(
            set(settings),
            {
                "MESH_BASE_URL",
                "MESH_MAILBOX_ID",
                "BSO_CODE_SOURCE",
                "AZURE_STORAGE_ACCOUNT_URL",
                "AZURE_STORAGE_CONTAINER_NAME",
            },
        )

    def test_paths_and_defaults_are_those_of_the_program(self):
        printed = printed_settings()
        (mount,) = render_over().container["volumeMounts"]
        self.assertEqual(mount["mountPath"], printed["SECRETS_DIRECTORY"]["default"])
        moved = render_over(mailbox(settings={"SECRETS_DIRECTORY": "/secrets"}))
        self.assertEqual(moved.container["volumeMounts"][0]["mountPath"], "/secrets")
        # What the chart assumes of the program where nothing is set.
        self.assertEqual(printed["GRACE_PERIOD"]["default"], "20s")
        self.assertEqual(printed["TERMINATION_MESSAGE_PATH"]["default"], "/dev/termination-log")

    def test_every_variable_is_a_setting(self):
        known = set(printed_settings())
        every = [render(example(path)) for path in EXAMPLES]
        every += [render_over(values) for _, values, _ in OPTIONS]
        for rendered in every:
            for _, pod in rendered.pods():
                for name in set(environment(pod)) - {"SSL_CERT_FILE"}:
                    self.assertIn(name if name in known else name.removesuffix("_FILE"), known)

    def test_the_programs_statuses_are_those_that_fail_a_job(self):
        for status in render_over().job["podFailurePolicy"]["rules"][1]["onExitCodes"]["values"]:
            self.assertRegex(re.sub(r"\s+", " ", program("--help")), rf"[;:] {status} ")

    def test_the_program_understands_what_the_examples_set(self):
        for path in EXAMPLES:
            rendered = render(example(path))
            for cronjob in rendered.of("CronJob"):
                with self.subTest(path.name, name=cronjob["metadata"]["name"]):
                    self.assertEqual(self.status(cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]), 69)

    def status(self, pod):
        """What the program ends with in the pod's environment, where nothing answers: 69, or 78 for bad settings."""
        settings = environment(pod)
        with tempfile.TemporaryDirectory() as folder:
            files = {"MESH_PASSWORD": "password", "MESH_SHARED_KEY": "key"}
            if "AZURE_STORAGE_ACCOUNT_URL" in settings:
                files["AZURE_STORAGE_SAS_TOKEN"] = "sv=2025-11-05&sig=c2lnbmF0dXJl"
            else:
                files["AZURE_STORAGE_CONNECTION_STRING"] = "UseDevelopmentStorage=true"
            for name, text in files.items():
                (Path(folder) / name).write_text(text)
            settings = {name: value for name, value in settings.items() if not name.endswith("_FILE")}
            settings |= {"SECRETS_DIRECTORY": folder, "MESH_BASE_URL": "http://127.0.0.1:9", "RETRY_ATTEMPTS": "1"}
            return subprocess.run([binary()], env=settings, capture_output=True, check=False, timeout=120).returncode


if __name__ == "__main__":
    unittest.main()
