"""Whatever is taken away or emptied, the chart renders, or says what is missing: no template breaks."""

import unittest

import helm_python
import yaml
from chart import CHART, LEAST, merged, render
from test_examples import VERSIONS, validator

VALUES = yaml.safe_load((CHART / "values.yaml").read_text())


def paths(value, path=()):
    for key, below in value.items():
        yield (*path, key), below
        if isinstance(below, dict):
            yield from paths(below, (*path, key))


def emptied(value):
    """None, and what is empty in the way of the value."""
    yield None
    yield (
        {}
        if isinstance(value, dict)
        else []
        if isinstance(value, list)
        else type(value)()
        if value is not None
        else None
    )


# What makes every template do something.
ALL = merged(
    LEAST,
    {
        "networkPolicy": {"enabled": True},
        "prometheusRule": {"enabled": True},
        "defaults": {
            "workloadIdentity": {"clientId": "c", "tenantId": "t"},
            "keyVault": {"name": "vault", "objects": {"MESH_CLIENT_KEY": "key"}},
            "externalSecret": {"store": {"name": "store"}, "data": {"MESH_PASSWORD": "password"}},
        },
    },
)


class Emptiness(unittest.TestCase):
    def works_or_says_why(self, values):
        try:
            rendered = render(values)
        except helm_python.HelmError as error:
            self.assertRegex(str(error), r"(?m)^mailboxes[. ]|^- at '/")
            return False
        validator(VERSIONS[-1], "CronJob", "batch/v1").validate(rendered.cronjob)
        return True

    def test_nothing_breaks(self):
        worked = 0
        for path, value in paths(VALUES):
            if path[-2:] == ("seccompProfile", "type"):
                continue  # The API wants one, and says so.
            layers = [path]
            if path[0] in ("defaults", "image") and path != ("defaults",):
                own = path[1:] if path[0] == "defaults" else path
                layers.append(("mailboxes", "X26ABC1", *own))
            for layer in layers:
                for empty in emptied(value):
                    with self.subTest(".".join(layer), empty=empty):
                        worked += self.works_or_says_why(replaced(ALL, layer, empty))
        self.assertGreater(worked, 300)

    def test_mailboxes_of_nothing(self):
        for mailboxes in (None, {}, {"X26ABC1": None}, {"": {}}):
            with self.subTest(mailboxes):
                self.works_or_says_why({**LEAST, "mailboxes": mailboxes})

    def test_names_of_nothing(self):
        for values in ({"fullnameOverride": "..."}, {"nameOverride": "..."}):
            with self.subTest(values):
                self.assertTrue(self.works_or_says_why(merged(LEAST, values)))

    def test_no_values_at_all(self):
        self.assertFalse(self.works_or_says_why({}))


def replaced(values, path, value):
    """The values with something else at a path."""
    if not path:
        return value
    inner = values.get(path[0]) if isinstance(values, dict) else None
    return {**(values or {}), path[0]: replaced(inner or {}, path[1:], value)}


if __name__ == "__main__":
    unittest.main()
