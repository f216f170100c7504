"""Each command of docs/kubernetes.md is followed: the files, objects, keys, names and values that it uses are there."""

import re
import shlex
import subprocess
import unittest

import helm_python
import yaml
from chart import CHART, ROOT, StrictLoader, example, merged, render, secret_files
from test_examples import VERSIONS, validator

PAGE = ROOT / "docs/kubernetes.md"
# Options without a value of their own.
FLAGS = {"--install", "--logs", "--stdin", "--enable-oidc-issuer", "--enable-workload-identity", "--generate-ssh-keys"}
COMMANDS = {"az", "docker", "helm", "kind", "kubectl"}


def blocks():
    """The sections of the page, each with the text of its blocks of commands."""
    for section in PAGE.read_text().split("\n## "):
        found = re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S)
        if found:
            yield section.splitlines()[0], "".join(found)


class Command:
    """A command: its words without options, its options by name, where its input comes from."""

    def __init__(self, words):
        self.words, self.options, self.input, self.rest = [], {}, None, []
        words = list(words)
        if "--" in words:
            self.rest = words[words.index("--") + 1 :]
            words = words[: words.index("--")]
        self.input = next((word[1:] for word in words + self.rest if word.startswith("<")), None)
        self.rest = [word for word in self.rest if not word.startswith("<")]
        words = [word for word in words if not word.startswith("<")]
        while words:
            word = words.pop(0)
            name, mark, value = word.partition("=")
            if not word.startswith("--"):
                self.words.append(word)
            elif mark:
                self.options.setdefault(name, []).append(value)
            elif name in FLAGS or not words or words[0].startswith("--"):
                self.options.setdefault(name, []).append("")
            else:
                self.options.setdefault(name, []).append(words.pop(0))


def commands(text):
    """The commands of a block, with variables replaced as a shell would."""
    variables = {}
    for line in text.replace("\\\n", " ").splitlines():
        line = re.sub(r"\$\(az [^)]*\)", "from-azure", line)
        words = [re.sub(r"\$([A-Z_]+)", lambda match: variables[match[1]], word) for word in shlex.split(line)]
        if all(re.match(r"[A-Z_]+=", word) for word in words):
            variables |= dict(word.split("=", 1) for word in words)
        else:
            yield Command(words)


class Page(unittest.TestCase):
    def test_shells_read_every_block(self):
        for title, text in blocks():
            with self.subTest(title):
                done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_every_command_works_with_the_chart(self):
        followed = 0
        for title, text in blocks():
            reader = Reader(self)
            for command in commands(text):
                with self.subTest(title, command=" ".join(command.words)):
                    reader.follow(command)
                    followed += 1
        self.assertGreater(followed, 35)

    def test_links_lead_somewhere(self):
        for page in (PAGE, CHART / "README.md"):
            for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
                if not link.startswith("http"):
                    self.assertTrue((page.parent / link).exists(), link)

    def test_numbers_of_the_page_are_those_of_the_chart(self):
        text = " ".join(PAGE.read_text().split())
        values = yaml.safe_load((CHART / "values.yaml").read_text())["defaults"]
        self.assertIn(f"`RUN_DEADLINE` ({values['settings']['RUN_DEADLINE'].replace('h', ' h')})", text)
        self.assertIn(f"`activeDeadlineSeconds` ({values['activeDeadlineSeconds'] // 3600} h)", text)
        *most, last = values["failJobOnExitStatuses"]
        self.assertIn(f"{', '.join(map(str, most))} and {last} fail the Job", text)
        self.assertEqual(values["alerts"]["noSuccessSeconds"], 3600)
        self.assertEqual(values["alerts"]["oldestMessageSeconds"], 3 * 86400)


class Reader:
    """What is there after the commands so far."""

    def __init__(self, test):
        self.test = test
        self.namespaces, self.releases, self.jobs, self.objects = set(), {}, set(), []
        self.images, self.vault, self.subjects = set(), set(), set()

    def follow(self, command):
        self.test.assertIn(command.words[0], COMMANDS)
        if command.input:
            self.test.assertTrue((ROOT / command.input).is_file(), command.input)
        getattr(self, command.words[0])(command)

    def namespace(self, command):
        (name,) = command.options["--namespace"]
        if self.namespaces:
            self.test.assertIn(name, self.namespaces)
        return name

    def helm(self, command):
        namespace = self.namespace(command)
        verb, name, *more = command.words[1:]
        if verb == "test":
            self.test.assertTrue(self.releases[name].of("Pod"))
            return
        self.test.assertEqual((verb, more), ("upgrade", ["helm/poll-mesh-inbox"]))
        layers = [example(ROOT / path) for path in command.options["--values"]]
        layers += [helm_python.parse_set_string(text) for text in command.options.get("--set", [])]
        rendered = render(merged({}, *layers), name=name, namespace=namespace)
        self.releases[name] = rendered
        for item in rendered.objects:
            self.test.assertIn(
                item["kind"],
                {"CronJob", "Pod", "ServiceAccount", "NetworkPolicy", "SecretProviderClass"},
                "an empty cluster has no such kind",
            )
        for cronjob in rendered.of("CronJob"):
            self.check_pod(cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"], namespace)
        for kind in rendered.of("SecretProviderClass"):
            objects = yaml.safe_load(kind["spec"]["parameters"]["objects"])["array"]
            self.test.assertEqual({yaml.safe_load(text)["objectName"] for text in objects}, self.vault)

    def check_pod(self, pod, namespace):
        (container,) = pod["containers"]
        if self.images:
            self.test.assertIn(container["image"], self.images)
        if self.subjects:
            self.test.assertIn(f"system:serviceaccount:{namespace}:{pod['serviceAccountName']}", self.subjects)
        kinds = [volume for volume in pod.get("volumes", []) if "projected" in volume]
        secrets = {
            item["metadata"]["name"]: item.get("stringData", {}) for item in self.objects if item["kind"] == "Secret"
        }
        if kinds:
            optional = {"MESH_CLIENT_CERTIFICATE", "MESH_CLIENT_KEY", "MESH_CLIENT_KEY_PASSWORD", "MESH_CA_CERTIFICATE"}
            used = {}
            for setting, (_, name, key) in secret_files(pod).items():
                self.test.assertIn(name, secrets)
                used.setdefault(name, set()).add(key)
                if setting not in optional:
                    self.test.assertIn(key, secrets[name])
            for name, keys in used.items():
                self.test.assertLessEqual(set(secrets[name]), keys)

    def kubectl(self, command):
        verb, *words = command.words[1:]
        if (verb, words[:1]) == ("create", ["namespace"]):
            self.namespaces.add(words[1])
        elif verb == "label":
            self.test.assertIn(words[1], self.namespaces)
            self.test.assertEqual(words[2], "pod-security.kubernetes.io/enforce=restricted")
        elif verb == "apply":
            self.apply(command)
        elif (verb, words[:1]) == ("create", ["job"]):
            ((kind, name),) = [text.split("/") for text in command.options["--from"]]
            self.test.assertEqual(kind, "cronjob")
            self.existing("CronJob", name)
            self.jobs.add(words[1])
        elif (verb, words[:2]) == ("create", ["secret", "generic"]):
            keys = {text.split("=")[0]: "" for text in command.options["--from-file"]}
            self.objects.append({"kind": "Secret", "metadata": {"name": words[2]}, "stringData": keys})
        else:
            self.test.assertIn(verb, {"wait", "logs", "exec"})
            self.test.assertTrue(words)
            for kind, name in (word.split("/") for word in words):
                self.test.assertIn(name, self.jobs) if kind == "job" else self.existing(kind.capitalize(), name)
        if words[:1] != ["namespace"]:
            self.namespace(command)

    def apply(self, command):
        (path,) = command.options["--filename"]
        self.objects += yaml.load_all((ROOT / path).read_text(), StrictLoader)
        for item in self.objects:
            for version in VERSIONS:
                validator(version, item["kind"], item["apiVersion"]).validate(item)

    def existing(self, kind, name):
        known = [item for rendered in self.releases.values() for item in rendered.objects] + self.objects
        self.test.assertIn((kind, name), {(item["kind"], item["metadata"]["name"]) for item in known})

    def docker(self, command):
        self.images |= set(command.options["--tag"])

    def kind(self, command):
        if command.words[1] == "load":
            self.test.assertIn(command.words[3], self.images)

    def az(self, command):
        match command.words[1:]:
            case ["acr", "build", "."]:
                (registry,), (image,) = command.options["--registry"], command.options["--image"]
                self.images.add(f"{registry}.azurecr.io/{image}")
            case ["keyvault", "secret", "set"]:
                self.vault |= set(command.options["--name"])
            case ["identity", "federated-credential", "create"]:
                self.subjects |= set(command.options["--subject"])


class KindServices(unittest.TestCase):
    def test_the_example_reaches_the_services(self):
        objects = list(yaml.load_all((CHART / "ci/kind-services.yaml").read_text(), StrictLoader))
        ports = {
            item["metadata"]["name"]: item["spec"]["ports"][0]["port"] for item in objects if item["kind"] == "Service"
        }
        rendered = render(example(CHART / "ci/kind-values.yaml"))
        self.assertEqual(rendered.environment["MESH_BASE_URL"], f"http://mesh-sandbox:{ports['mesh-sandbox']}")
        (secret,) = [item for item in objects if item["kind"] == "Secret"]
        connection = secret["stringData"]["AZURE_STORAGE_CONNECTION_STRING"]
        self.assertIn(f"BlobEndpoint=http://azurite:{ports['azurite']}/devstoreaccount1;", connection)
        self.assertNotRegex(connection, r"\s")
        for item in objects:
            if item["kind"] == "Service":
                (deployment,) = [
                    other
                    for other in objects
                    if other["kind"] == "Deployment" and other["metadata"]["name"] == item["metadata"]["name"]
                ]
                self.assertEqual(deployment["spec"]["template"]["metadata"]["labels"], item["spec"]["selector"])

    def test_the_packages_are_those_of_the_tests(self):
        text = (CHART / "ci/kind-services.yaml").read_text()
        for package in (ROOT / "scripts/requirements.txt").read_text().split():
            if package.startswith(("azure-storage-blob", "mesh-")):
                self.assertIn(f" {package}", text)


if __name__ == "__main__":
    unittest.main()
