"""What can't work is refused, and told in a sentence that names the value."""

import unittest

import helm_python
from chart import LEAST, defaults, mailbox, merged, render, render_over

NAMED = "mailboxes.X26ABC1: "
REFUSALS = [
    # The schema: types, keys, choices.
    ("a wrong type", defaults(suspend="no"), ["'/defaults/suspend': got string, want null or boolean"]),
    ("a number for text", mailbox(schedule=5), ["'/mailboxes/X26ABC1/schedule': got number"]),
    ("a fraction", defaults(backoffLimit=1.5), ["'/defaults/backoffLimit': got number, want null or integer"]),
    (
        "a negative number",
        mailbox(ttlSecondsAfterFinished=-1),
        ["'/mailboxes/X26ABC1/ttlSecondsAfterFinished'", "minimum"],
    ),
    ("an unknown key", mailbox(scheduel="x"), ["additional properties 'scheduel' not allowed"]),
    ("an unknown key at the top", {"mailbox": {}}, ["additional properties 'mailbox' not allowed"]),
    ("an unknown setting", defaults(settings={"MESH_URL": "x"}), ["additional properties 'MESH_URL' not allowed"]),
    ("a secret as a setting", defaults(settings={"MESH_PASSWORD": "x"}), ["'MESH_PASSWORD' not allowed"]),
    ("a key of a setting that is no secret", mailbox(secretKeys={"LOG_LEVEL": "x"}), ["'LOG_LEVEL' not allowed"]),
    ("a mailbox id for all", defaults(mailboxId="X"), ["'mailboxId' not allowed"]),
    ("an unknown word", mailbox(settings={"REPORTS": "keep"}), ["value must be one of 'store', 'leave'"]),
    ("a bad digest", {"image": {"digest": "sha256:12"}}, ["'/image/digest'", "sha256"]),
    ("an exit status that is success", defaults(failJobOnExitStatuses=[0]), ["failJobOnExitStatuses"]),
    ("a list as a mailbox", {"mailboxes": {"X26ABC1": []}}, ["'/mailboxes/X26ABC1': got array"]),
    ("a kind of store", mailbox(externalSecret={"store": {"kind": "Vault"}}), ["SecretStore"]),
    # Sentences of the templates.
    ("no image", {"image": {"repository": ""}}, [NAMED + "image.repository is not set"]),
    ("no MESH", defaults(settings={"MESH_BASE_URL": ""}), [NAMED + 'settings.MESH_BASE_URL is ""']),
    (
        "a MESH without scheme",
        mailbox(settings={"MESH_BASE_URL": "mesh-sync.spineservices.nhs.uk"}),
        ["settings.MESH_BASE_URL"],
    ),
    (
        "a MESH with a password",
        mailbox(settings={"MESH_BASE_URL": "https://u:p@mesh.example"}),
        ["settings.MESH_BASE_URL"],
    ),
    (
        "no source of the BSO",
        defaults(settings={"BSO_CODE_SOURCE": ""}),
        [NAMED + "settings.BSO_CODE_SOURCE is not set"],
    ),
    (
        "no storage",
        defaults(settings={"AZURE_STORAGE_ACCOUNT_URL": None}),
        [NAMED + "there is nowhere to store messages"],
    ),
    (
        "two storages",
        mailbox(settings={"STORAGE_DIRECTORY": "/x"}),
        [NAMED + "AZURE_STORAGE_ACCOUNT_URL and STORAGE_DIRECTORY are set, but messages go to one place"],
    ),
    (
        "two storages, one from a Secret",
        mailbox(secretKeys={"AZURE_STORAGE_CONNECTION_STRING": "c"}),
        ["AZURE_STORAGE_ACCOUNT_URL and AZURE_STORAGE_CONNECTION_STRING are set"],
    ),
    (
        "two storages, one from extraEnv",
        mailbox(extraEnv=[{"name": "STORAGE_DIRECTORY_FILE", "value": "/x"}]),
        ["AZURE_STORAGE_ACCOUNT_URL and STORAGE_DIRECTORY are set"],
    ),
    (
        "no secrets",
        defaults(existingSecret=""),
        [NAMED + "MESH_PASSWORD comes from nowhere", NAMED + "MESH_SHARED_KEY comes from nowhere"],
    ),
    (
        "a secret in extraEnv",
        mailbox(extraEnv=[{"name": "MESH_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}]),
        [NAMED + "extraEnv has MESH_PASSWORD, a secret; let it come from secretKeys"],
    ),
    ("a proxy with a password", mailbox(settings={"HTTPS_PROXY": "http://u:p@proxy:3128"}), ["secretKeys.HTTPS_PROXY"]),
    ("no mailboxes", {"mailboxes": None}, ["mailboxes is empty"]),
    ("a bad mailbox id", mailbox(mailboxId="X26 ABC1"), [NAMED + 'the mailbox id "X26 ABC1" is none']),
    ("a long mailbox id", mailbox(mailboxId="A" * 65), ["is none"]),
    (
        "a name that is no mailbox id",
        {"mailboxes": {"breast.screening": {}}},
        ['mailboxes.breast.screening: the mailbox id "breast.screening" is none'],
    ),
    ("a name without letters", {"mailboxes": {"..": {"mailboxId": "X26ABC2"}}}, ["has no letter and no digit"]),
    (
        "two names for one",
        {"mailboxes": {"x26abc1": {"mailboxId": "X26ABC2"}}},
        ["mailboxes.x26abc1: its objects would have"],
    ),
    (
        "one inbox twice",
        {"mailboxes": {"other": {"mailboxId": "x26abc1"}}},
        ["mailboxes.other: it reads the inbox of x26abc1, as mailboxes.X26ABC1 does"],
    ),
    (
        "one service account for two",
        {
            "mailboxes": {
                "X26ABC1": {"serviceAccount": {"name": "a", "labels": {"x": "y"}}},
                "X26ABC2": {"serviceAccount": {"name": "a"}},
            }
        },
        ["mailboxes.X26ABC2: its service account a is also that of mailboxes.X26ABC1"],
    ),
    (
        "a grace period that is too long",
        defaults(terminationGracePeriodSeconds=20),
        ["terminationGracePeriodSeconds is 20, not above settings.GRACE_PERIOD (20 s)"],
    ),
    ("a grace period of no seconds", defaults(terminationGracePeriodSeconds=0), ["not above settings.GRACE_PERIOD"]),
    (
        "a grace period without unit",
        defaults(settings={"GRACE_PERIOD": "20"}),
        ['settings.GRACE_PERIOD is "20"; write a time'],
    ),
    (
        "a run longer than its Job",
        defaults(settings={"RUN_DEADLINE": "6h"}),
        ["settings.RUN_DEADLINE is 6h, not below activeDeadlineSeconds (21600)"],
    ),
    ("a Secret with a name that is none", defaults(existingSecret="My Secret"), ['of the Secret "My Secret"']),
    ("a key that is none", mailbox(secretKeys={"MESH_PASSWORD": "pass word"}), ['the key "pass word"']),
    (
        "no vault",
        mailbox(keyVault={"objects": {"MESH_PASSWORD": "p"}}),
        ["keyVault.name is not set", "keyVault.tenantId is not set", "workloadIdentity.clientId is not set"],
    ),
    (
        "a bad object",
        mailbox(
            keyVault={
                "secretProviderClass": "",
                "name": "v",
                "tenantId": "t",
                "clientId": "c",
                "objects": {"MESH_PASSWORD": "pass_word"},
            }
        ),
        ["keyVault.objects.MESH_PASSWORD"],
    ),
    ("no store", mailbox(externalSecret={"data": {"MESH_PASSWORD": "p"}}), ["externalSecret.store.name is not set"]),
    (
        "two stores",
        mailbox(
            externalSecret={"store": {"name": "s"}, "data": {"MESH_PASSWORD": "p"}},
            keyVault={"secretProviderClass": "c", "objects": {"MESH_PASSWORD": "p"}},
        ),
        ["keep one of them"],
    ),
    # Schedules.
    *(
        (f"schedule {text!r}", mailbox(schedule=text), [f'schedule "{text}" {problem}'])
        for text, problem in (
            ("", "has to have five fields"),
            ("* * * *", "has to have five fields"),
            ("0 0 1 1 * 2026", "has to have five fields"),
            ("@every 5m", "has to have five fields"),
            ("60 * * * *", 'has "60" where its minute should be'),
            ("0 24 * * *", 'has "24" where its hour should be'),
            ("0 0 0 * *", 'has "0" where its day of the month should be'),
            ("0 0 * 13 *", 'has "13" where its month should be'),
            ("0 0 * * 7", 'has "7" where its day of the week should be'),
            ("0 0 * MAI *", 'has "MAI" where its month should be'),
            ("0 0 * * mon-fry", 'has "mon-fry" where its day of the week should be'),
            ("*/0 * * * *", 'has "*/0" where its minute should be'),
            ("H/61 * * * *", 'has "H/61" where its minute should be'),
            ("0 0 H * *", 'has "H" where its day of the month should be'),
            ("30-10 * * * *", 'has "30-10", which begins after its end, where its minute should be'),
            ("0,,5 * * * *", 'has "" where its minute should be'),
            ("5; * * * *", 'has "5;" where its minute should be'),
            ("99999999999999999999 * * * *", 'has "99999999999999999999" where its minute should be'),
            ("* * * * *", "runs more often than every 5 minutes"),
            ("*/4 * * * *", "runs more often than every 5 minutes"),
            ("H/4 * * * *", "runs more often than every 5 minutes"),
            ("0,4 * * * *", "runs more often than every 5 minutes"),
            ("2,58 * * * *", "runs more often than every 5 minutes"),
            ("0-59/7 * * * *", "runs more often than every 5 minutes"),
        )
    ),
]


class Refusals(unittest.TestCase):
    def refusal(self, values):
        with self.assertRaises(helm_python.HelmError) as caught:
            render(values)
        return str(caught.exception)

    def test_every_mistake_is_named(self):
        for name, values, sentences in REFUSALS:
            with self.subTest(name):
                message = self.refusal(
                    {**LEAST, **values} if values.get("mailboxes", 0) is None else merged(LEAST, values)
                )
                for sentence in sentences:
                    self.assertIn(sentence, message)

    def test_all_mistakes_are_told_together(self):
        message = self.refusal(
            merged(
                LEAST,
                {"mailboxes": {"X26ABC1": {"schedule": "x"}, "b.c": {}, "d": {"settings": {"MESH_BASE_URL": ""}}}},
            )
        )
        for part in (
            "mailboxes.X26ABC1: schedule",
            "mailboxes.b.c: the mailbox id",
            "mailboxes.d: settings.MESH_BASE_URL",
        ):
            self.assertEqual(message.count(part), 1)

    def test_what_looks_like_a_mistake_and_is_none(self):
        for name, values in (
            ("a sandbox without authentication", defaults(existingSecret="", settings={"MESH_AUTHENTICATION": "none"})),
            (
                "a sandbox every minute",
                mailbox(schedule="* * * * *", settings={"MESH_BASE_URL": "http://mesh-sandbox:8700"}),
            ),
            ("a sandbox with its own ids", defaults(settings={"MESH_BASE_URL": "http://s", "BSO_CODE_SOURCE": ""})),
            (
                "two filters of one inbox",
                {
                    "mailboxes": {
                        "X26ABC1": {"settings": {"MESH_WORKFLOW_FILTER": "A*"}},
                        "rest": {"mailboxId": "X26ABC1", "settings": {"MESH_WORKFLOW_FILTER": "!A*"}},
                    }
                },
            ),
            (
                "storage from a ConfigMap",
                defaults(
                    settings={"AZURE_STORAGE_ACCOUNT_URL": ""}, extraEnvFrom=[{"configMapRef": {"name": "storage"}}]
                ),
            ),
            (
                "storage from extraEnv",
                defaults(
                    settings={"AZURE_STORAGE_ACCOUNT_URL": ""},
                    extraEnv=[{"name": "AZURE_STORAGE_ACCOUNT_URL", "value": "https://a.blob.core.windows.net"}],
                ),
            ),
            ("no deadline", defaults(activeDeadlineSeconds=None, settings={"RUN_DEADLINE": "168h"})),
            ("a parent chart", {"global": {"x": 1}, "enabled": True}),
            ("once an hour, in two minutes", mailbox(schedule="58,2 3 * * *")),
            ("a proxy without a password", mailbox(settings={"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": ".svc"})),
            ("a mailbox with nothing", {"mailboxes": {"X26ABC2": {}}}),
        ):
            with self.subTest(name):
                render_over(values)


if __name__ == "__main__":
    unittest.main()
