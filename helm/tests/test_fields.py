"""What each option does to the field that matters, mounts of secrets among them."""

import unittest

import yaml
from chart import at, defaults, environment, mailbox, render_over, secret_files, volume
from options import ABSENT, OPTIONS


class Fields(unittest.TestCase):
    def place(self, rendered, path):
        start, _, rest = path.partition(".")
        shorts = {
            "cronjob": lambda: rendered.cronjob,
            "job": lambda: rendered.job,
            "template": lambda: rendered.job["template"],
            "pod": lambda: rendered.pod,
            "container": lambda: rendered.container,
        }
        found = shorts[start]() if start in shorts else rendered.of(start)[0]
        return at(found, rest) if rest else found

    def test_every_option_sets_its_field(self):
        for name, values, wanted in OPTIONS:
            rendered = render_over(values)
            for path, value in wanted.items():
                with self.subTest(f"{name}: {path}"):
                    if value is ABSENT:
                        with self.assertRaises((KeyError, IndexError)):
                            self.place(rendered, path)
                        continue
                    found = self.place(rendered, path)
                    # Labels have more than what was asked for.
                    if path.endswith("labels") and isinstance(found, dict) and "app.kubernetes.io/name" in found:
                        found = {key: found.get(key) for key in value}
                    self.assertEqual(found, value)

    def test_the_test_pod_is_the_pod_of_the_job(self):
        for name, values, _ in OPTIONS:
            with self.subTest(name):
                rendered = render_over(values, {"tests": {"enabled": True}})
                spec = rendered.one("Pod")["spec"]
                self.assertEqual(spec.pop("activeDeadlineSeconds"), 600)
                self.assertEqual(spec["containers"][0].pop("args"), ["check"])
                self.assertEqual(spec, rendered.pod)


SECRET_CASES = [
    (
        "by default",
        {},
        {
            name: ("secret", "mesh", name)
            for name in (
                "MESH_PASSWORD",
                "MESH_SHARED_KEY",
                "MESH_CLIENT_CERTIFICATE",
                "MESH_CLIENT_KEY",
                "MESH_CLIENT_KEY_PASSWORD",
                "MESH_CA_CERTIFICATE",
            )
        },
    ),
    (
        "other keys, other Secrets, a ConfigMap",
        {
            "defaults": {
                "secretKeys": {
                    "MESH_PASSWORD": "password",
                    "MESH_CLIENT_CERTIFICATE": "tls/tls.crt",
                    "MESH_CLIENT_KEY": "tls/tls.key",
                    "MESH_CLIENT_KEY_PASSWORD": None,
                    "AZURE_STORAGE_SAS_TOKEN": "storage/sas",
                    "HTTPS_PROXY": "proxy",
                },
                "configMapKeys": {"MESH_CA_CERTIFICATE": "roots/ca.pem"},
            }
        },
        {
            "MESH_PASSWORD": ("secret", "mesh", "password"),
            "MESH_SHARED_KEY": ("secret", "mesh", "MESH_SHARED_KEY"),
            "MESH_CLIENT_CERTIFICATE": ("secret", "tls", "tls.crt"),
            "MESH_CLIENT_KEY": ("secret", "tls", "tls.key"),
            "MESH_CA_CERTIFICATE": ("configMap", "roots", "ca.pem"),
            "AZURE_STORAGE_SAS_TOKEN": ("secret", "storage", "sas"),
            "HTTPS_PROXY": ("secret", "mesh", "proxy"),
        },
    ),
    (
        "a Secret of the mailbox",
        mailbox(
            existingSecret="own",
            secretKeys={
                "MESH_SHARED_KEY": "shared/key",
                "MESH_CLIENT_CERTIFICATE": "",
                "MESH_CLIENT_KEY": None,
                "MESH_CLIENT_KEY_PASSWORD": None,
                "MESH_CA_CERTIFICATE": None,
            },
        ),
        {"MESH_PASSWORD": ("secret", "own", "MESH_PASSWORD"), "MESH_SHARED_KEY": ("secret", "shared", "key")},
    ),
    (
        "from an external store",
        mailbox(externalSecret={"store": {"name": "s"}, "data": {"MESH_PASSWORD": "p"}}),
        {
            "MESH_PASSWORD": ("secret", "mesh-poll-mesh-inbox-x26abc1", "MESH_PASSWORD"),
            "MESH_SHARED_KEY": ("secret", "mesh", "MESH_SHARED_KEY"),
            **{
                name: ("secret", "mesh", name)
                for name in (
                    "MESH_CLIENT_CERTIFICATE",
                    "MESH_CLIENT_KEY",
                    "MESH_CLIENT_KEY_PASSWORD",
                    "MESH_CA_CERTIFICATE",
                )
            },
        },
    ),
    (
        "a setting that is given otherwise",
        mailbox(settings={"MESH_CA_CERTIFICATE": "PEM"}),
        {
            name: ("secret", "mesh", name)
            for name in (
                "MESH_PASSWORD",
                "MESH_SHARED_KEY",
                "MESH_CLIENT_CERTIFICATE",
                "MESH_CLIENT_KEY",
                "MESH_CLIENT_KEY_PASSWORD",
            )
        },
    ),
]


class Secrets(unittest.TestCase):
    def test_files(self):
        for name, values, wanted in SECRET_CASES:
            with self.subTest(name):
                rendered = render_over(values)
                self.assertEqual(secret_files(rendered.pod), wanted)
                self.assertEqual(
                    rendered.container["volumeMounts"],
                    [{"name": "secrets", "mountPath": "/var/run/secrets/poll-mesh-inbox", "readOnly": True}],
                )
                projected = volume(rendered.pod, "secrets")["projected"]
                self.assertEqual(projected["defaultMode"], 0o440)
                for source in projected["sources"]:
                    (place,) = source.values()
                    self.assertIs(place["optional"], True)

    def test_files_of_the_key_vault_are_named_one_by_one(self):
        rendered = render_over(
            defaults(
                keyVault={
                    "name": "vault",
                    "tenantId": "t",
                    "clientId": "c",
                    "objects": {
                        "MESH_PASSWORD": "pw",
                        "MESH_CLIENT_CERTIFICATE": "cert/mesh",
                        "MESH_CLIENT_KEY": "secret/mesh/1a",
                    },
                }
            )
        )
        folder = "/var/run/secrets/poll-mesh-inbox-key-vault"
        files = {name: value for name, value in rendered.environment.items() if name.endswith("_FILE")}
        self.assertEqual(
            files,
            {
                f"{name}_FILE": f"{folder}/{name}"
                for name in ("MESH_PASSWORD", "MESH_CLIENT_CERTIFICATE", "MESH_CLIENT_KEY")
            },
        )
        self.assertEqual(
            rendered.container["volumeMounts"][1], {"name": "key-vault", "mountPath": folder, "readOnly": True}
        )
        self.assertNotIn("MESH_PASSWORD", secret_files(rendered.pod))
        objects = yaml.safe_load(rendered.one("SecretProviderClass")["spec"]["parameters"]["objects"])
        self.assertEqual(
            [yaml.safe_load(text) for text in objects["array"]],
            [
                {"objectAlias": "MESH_CLIENT_CERTIFICATE", "objectName": "mesh", "objectType": "cert"},
                {"objectAlias": "MESH_CLIENT_KEY", "objectName": "mesh", "objectType": "secret", "objectVersion": "1a"},
                {"objectAlias": "MESH_PASSWORD", "objectName": "pw", "objectType": "secret"},
            ],
        )

    def test_no_secret_is_an_environment_variable(self):
        for name, values, _ in OPTIONS:
            with self.subTest(name):
                for _, pod in render_over(values).pods():
                    (container,) = pod["containers"]
                    for entry in container["env"]:
                        self.assertNotIn("valueFrom", entry)
                    self.assertFalse({"MESH_PASSWORD", "MESH_SHARED_KEY", "MESH_CLIENT_KEY"} & set(environment(pod)))


if __name__ == "__main__":
    unittest.main()
