"""The rules fire when they should and are silent when they should, as Prometheus itself evaluates them."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml
from chart import merged, render_over

PROMTOOL = shutil.which("promtool") or shutil.which(str(Path(sys.executable).with_name("promtool")))
IN_CI = os.environ.get("CI") == "true"
SLOW = "mesh-poll-mesh-inbox-slow"
FAST = "mesh-poll-mesh-inbox-x26abc1"
VALUES = {
    "prometheusRule": {"enabled": True},
    "mailboxes": {"slow": {"mailboxId": "X26ABC2", "alerts": {"noSuccessSeconds": 90000, "oldestMessageSeconds": 600}}},
}


def series(name, values, **labels):
    text = ", ".join(f'{key}="{value}"' for key, value in labels.items())
    return {"series": f"{name}{{{text}}}", "values": values}


def cronjob(name, success="_x300", created="0x300", suspend="0x300", namespace="messages"):
    labels = {"namespace": namespace, "cronjob": name, "instance": "10.0.0.1:8080"}
    return [
        series("kube_cronjob_status_last_successful_time", success, **labels),
        series("kube_cronjob_created", created, **labels),
        series("kube_cronjob_spec_suspend", suspend, **labels),
    ]


def job(name, start, failed, namespace="messages"):
    labels = {"namespace": namespace, "job_name": name, "instance": "10.0.0.1:8080"}
    return [
        series("kube_job_status_start_time", start, **labels),
        series("kube_job_failed", failed, condition="true", **labels),
        series("kube_job_failed", "0x300", condition="false", **labels),
    ]


def oldest(mailbox, values):
    return [series("poll_mesh_inbox_oldest_waiting_age_seconds", values, job="poll-mesh-inbox", instance=mailbox)]


# A name, the samples of each minute, and which alerts are active after how many minutes for which CronJob or mailbox.
CASES = [
    ("success all the time", cronjob(FAST, "0+60x300"), [(250, "NoSuccess", []), (250, "JobFailed", [])]),
    ("no success any more", cronjob(FAST, "60x300"), [(59, "NoSuccess", []), (64, "NoSuccess", [FAST])]),
    ("never a success", cronjob(FAST), [(59, "NoSuccess", []), (64, "NoSuccess", [FAST])]),
    ("suspended", cronjob(FAST, "60x300", suspend="1x300"), [(64, "NoSuccess", [])]),
    ("a slow mailbox", cronjob(SLOW, "60x300"), [(64, "NoSuccess", []), (290, "NoSuccess", [])]),
    ("another release", cronjob("other-poll-mesh-inbox-x26abc1", "60x300"), [(64, "NoSuccess", [])]),
    ("another namespace", cronjob(FAST, "60x300", namespace="other"), [(64, "NoSuccess", [])]),
    (
        "a failure after a success",
        cronjob(FAST, "600x300") + job(f"{FAST}-29000001", "900x300", "1x300"),
        [(20, "JobFailed", [FAST])],
    ),
    (
        "a success after a failure",
        cronjob(FAST, "1200x300") + job(f"{FAST}-29000001", "900x300", "1x300"),
        [(20, "JobFailed", [])],
    ),
    (
        "a failure, and never a success",
        cronjob(FAST) + job(f"{FAST}-29000001", "900x300", "1x300"),
        [(20, "JobFailed", [FAST])],
    ),
    (
        "two failures are one alert",
        cronjob(FAST) + job(f"{FAST}-1", "900x300", "1x300") + job(f"{FAST}-2", "960x300", "1x300"),
        [(20, "JobFailed", [FAST])],
    ),
    ("a Job that runs", cronjob(FAST) + job(f"{FAST}-1", "900x300", "0x300"), [(20, "JobFailed", [])]),
    ("a Job by hand", cronjob(FAST) + job(f"{FAST}-now", "900x300", "1x300"), [(20, "JobFailed", [])]),
    ("an old message", oldest("X26ABC1", "259201x300"), [(5, "OldMessage", ["X26ABC1"])]),
    ("a message of three days less a second", oldest("X26ABC1", "259199x300"), [(5, "OldMessage", [])]),
    (
        "samples that come now and then",
        oldest("X26ABC1", "300000 _x300"),
        [(50, "OldMessage", ["X26ABC1"]), (70, "OldMessage", [])],
    ),
    (
        "a threshold of the mailbox",
        oldest("X26ABC2", "601x300") + oldest("X26ABC1", "601x300"),
        [(5, "OldMessage", ["X26ABC2"])],
    ),
    ("another mailbox", oldest("X26ABC3", "300000x300"), [(5, "OldMessage", [])]),
]


@unittest.skipUnless(PROMTOOL or IN_CI, "promtool is not installed")
class Alerts(unittest.TestCase):
    def promtool(self, *arguments):
        done = subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_alerts_fire_when_they_should(self):
        groups = render_over(VALUES).one("PrometheusRule")["spec"]
        tests = []
        for name, samples, wanted in CASES:
            checks = []
            for minute, alert, names in wanted:
                label = "instance" if alert == "OldMessage" else "cronjob"
                checks.append(
                    {
                        "expr": f'count by ({label}) (ALERTS{{alertname="PollMeshInbox{alert}", alertstate="firing"}})',
                        "eval_time": f"{minute}m",
                        "exp_samples": [{"labels": f'{{{label}="{value}"}}', "value": 1} for value in names],
                    }
                )
            tests.append({"name": name, "interval": "1m", "input_series": samples, "promql_expr_test": checks})
        with tempfile.TemporaryDirectory() as folder:
            rules, cases = Path(folder) / "rules.yaml", Path(folder) / "tests.yaml"
            rules.write_text(yaml.safe_dump(groups))
            cases.write_text(yaml.safe_dump({"rule_files": [str(rules)], "evaluation_interval": "1m", "tests": tests}))
            self.promtool("check", "rules", str(rules))
            self.promtool("test", "rules", str(cases))

    def test_fifty_mailboxes_are_three_rules(self):
        values = merged(VALUES, {"mailboxes": {f"M{number}": {} for number in range(48)}})
        (group,) = render_over(values).one("PrometheusRule")["spec"]["groups"]
        self.assertEqual(len(group["rules"]), 5)


if __name__ == "__main__":
    unittest.main()
