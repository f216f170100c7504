"""H gives each mailbox its own minute, the same on every render; names stay within what Kubernetes takes."""

import re
import unittest
from collections import Counter

from chart import CRONJOB, LEAST, mailbox, merged, render, render_over


def schedule(text, mailbox_id="X26ABC1"):
    values = {"mailboxes": {"X26ABC1": {"schedule": text, "mailboxId": mailbox_id}}}
    return render_over(values).cronjob["spec"]["schedule"]


class Schedules(unittest.TestCase):
    def test_schedules_pass_as_they_are(self):
        for text in (
            "0 0 * * *",
            "*/5 * * * *",
            "5-59/10 8-18 1,15 JAN-dec Mon,5",
            "0/15 * ? * *",
            "@daily",
            "@hourly",
            "00 07 * * 0",
            "59 23 31 12 6",
        ):
            with self.subTest(text):
                self.assertEqual(schedule(text), text)
        self.assertEqual(schedule("  0\t 5  * *  * "), "0 5 * * *")

    def test_h_is_a_number_of_the_mailbox(self):
        self.assertEqual(schedule("H/5 * * * *"), "3-59/5 * * * *")
        self.assertEqual(schedule("H/5 * * * *", "x26abc1"), "3-59/5 * * * *")
        self.assertRegex(schedule("H H * * *"), r"^[0-5]?\d [0-2]?\d \* \* \*$")
        self.assertRegex(schedule("H H/6 * * SUN"), r"^[0-5]?\d [0-5]-23/6 \* \* SUN$")
        self.assertRegex(schedule("H/60 * * * *"), r"^[0-5]?\d-59/60 \* \* \* \*$")

    def test_fifty_mailboxes_spread(self):
        values = merged(LEAST, {"mailboxes": {f"X26ABC{number}": {} for number in range(1, 51)}})
        rendered = render(values)
        crons = {item["metadata"]["name"]: item["spec"]["schedule"] for item in rendered.of("CronJob")}
        self.assertEqual(len(crons), 50)
        offsets = Counter(re.fullmatch(r"([0-4])-59/5 \* \* \* \*", cron)[1] for cron in crons.values())
        self.assertEqual(len(offsets), 5)
        self.assertLessEqual(max(offsets.values()), 16)
        again = {
            item["metadata"]["name"]: item["spec"]["schedule"] for item in render(values, name="mesh").of("CronJob")
        }
        self.assertEqual(again, crons)
        # Another mailbox changes nothing for those that are there.
        more = render(merged(values, {"mailboxes": {"A": {}}}))
        self.assertLessEqual(
            crons.items(), {item["metadata"]["name"]: item["spec"]["schedule"] for item in more.of("CronJob")}.items()
        )
        hours = {schedule("H H * * *", f"X26ABC{number}") for number in range(1, 30)}
        self.assertGreater(len(hours), 25)


class Names(unittest.TestCase):
    def names(self, rendered):
        return [(item["kind"], item["metadata"]["name"]) for item in rendered.objects]

    def test_names_are_short_and_their_own(self):
        long = "r" * 53
        for release, keys in (
            ("mesh", ["X26ABC1"]),
            (long, ["X26ABC1", "X26ABC2"]),
            ("poll-mesh-inbox", ["A"]),
            ("a.b", ["X_1", "y-2", "z"]),
            ("mesh", ["n" * 64, "n" * 63 + "m", "Breast_Screening-North"]),
        ):
            with self.subTest(release, keys=keys):
                values = merged(
                    {**LEAST, "mailboxes": {key: {} for key in keys}},
                    {"networkPolicy": {"enabled": True}, "prometheusRule": {"enabled": True}},
                )
                rendered = render(values, name=release)
                names = self.names(rendered)
                self.assertEqual(len(set(names)), len(names))
                self.assertEqual(len(rendered.of("CronJob")), len(keys))
                for kind, name in names:
                    self.assertRegex(name, r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
                    self.assertLessEqual(len(name), 52 if kind == "CronJob" else 63)
                for item in rendered.objects:
                    for label in item["metadata"]["labels"].values():
                        self.assertRegex(label, r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")

    def test_upper_case_and_dots(self):
        rendered = render({**LEAST, "mailboxes": {"Breast.Screening": {"mailboxId": "X26ABC1"}, "X26ABC2": {}}})
        self.assertEqual(
            [item["metadata"]["name"] for item in rendered.of("CronJob")],
            ["mesh-poll-mesh-inbox-breast-screening", "mesh-poll-mesh-inbox-x26abc2"],
        )
        self.assertEqual(
            rendered.of("CronJob")[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["env"][5],
            {"name": "MESH_MAILBOX_ID", "value": "X26ABC1"},
        )

    def test_the_release_may_be_called_like_the_chart(self):
        self.assertEqual(render(LEAST, name="poll-mesh-inbox").cronjob["metadata"]["name"], "poll-mesh-inbox-x26abc1")

    def test_notes_say_what_to_type(self):
        notes = render_over(mailbox(suspend=True, timeZone="Europe/London")).notes
        self.assertIn(f"{CRONJOB}: X26ABC1, 3-59/5 * * * * (Europe/London), suspended", notes)
        commands = [line.strip() for line in notes.splitlines() if line.startswith("  ") and "26ABC1," not in line]
        self.assertEqual(
            commands,
            [
                "helm test mesh --namespace messages --logs",
                f"kubectl create job {CRONJOB}-now --from=cronjob/{CRONJOB} --namespace messages",
                f"kubectl logs job/{CRONJOB}-now --namespace messages --follow",
            ],
        )


HOSTILE = [
    "a: b",
    "x\ny: z",
    '"quoted"',
    "'",
    "{{ .Release.Name }}",
    "$(MESH_PASSWORD)",
    "$$(MESH_PASSWORD)",
    "$",
    "$$$(MESH_MAILBOX_ID)$",
    "\ufeff\U000e0001\U0001f600",
    "# no comment",
    "- item",
    "&anchor *alias",
    "null",
    "yes",
    "0x1f",
    "1e3",
    "é中\u2028",
    "%percent",
    "\\n",
    "---",
    "tab\there",
    " spaces ",
]


def expanded(text):
    """What Kubernetes makes of a variable's text: $$ is $, and $(NAME) is the value of another variable."""
    return re.sub(r"\$\$|\$\([A-Z_]+\)", lambda found: "$" if found[0] == "$$" else "EXPANDED", text)


class HostileTexts(unittest.TestCase):
    def test_values_arrive_letter_by_letter(self):
        for text in HOSTILE:
            with self.subTest(text):
                rendered = render_over(
                    {"commonAnnotations": {"owner": text}, "image": {"tag": text}},
                    mailbox(
                        settings={"BLOB_PREFIX": text, "NO_PROXY": text},
                        annotations={"text": text},
                        podAnnotations={"text": text},
                        priorityClassName=text,
                        timeZone=text,
                        serviceAccount={"name": text},
                    ),
                )
                self.assertEqual(expanded(rendered.environment["BLOB_PREFIX"]), text)
                self.assertEqual(expanded(rendered.environment["NO_PROXY"]), text)
                self.assertEqual(rendered.cronjob["metadata"]["annotations"], {"owner": text, "text": text})
                self.assertEqual(rendered.job["template"]["metadata"]["annotations"], {"owner": text, "text": text})
                self.assertEqual(rendered.pod["priorityClassName"], text)
                self.assertEqual(rendered.cronjob["spec"]["timeZone"], text)
                self.assertEqual(rendered.pod["serviceAccountName"], text)
                self.assertEqual(rendered.container["image"], f"registry.example.com/poll-mesh-inbox:{text}")
                self.assertEqual(len(rendered.of("CronJob")), 1)
                self.assertEqual(len(rendered.objects), 3)

    def test_control_characters_arrive(self):
        text = "\x07\x1b[1m\x7f\x85"
        self.assertEqual(render_over(mailbox(settings={"BLOB_PREFIX": text})).environment["BLOB_PREFIX"], text)


if __name__ == "__main__":
    unittest.main()
