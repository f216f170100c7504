"""Each option, and the field that it sets: a name, values over the least, and what is where.

A place is the kind of an object and a path in it, or pod, container, job, cronjob for short; ABSENT says that the path
leads nowhere.
"""

from chart import defaults, mailbox

ABSENT = object()
POLICY = "job.podFailurePolicy"
LABELS = "metadata.labels"


def policy(**values):
    return {"networkPolicy": {"enabled": True, **values}}


def number(key, place):
    """A number of the CronJob: as it is by default, zero, another one of the mailbox alone, and left out."""
    return [
        (f"{key} zero", defaults(**{key: 0}), {f"{place}.{key}": 0}),
        (f"{key} zero for one mailbox", mailbox(**{key: 0}), {f"{place}.{key}": 0}),
        (f"{key} large", defaults(**{key: 1000000}), {f"{place}.{key}": 1000000}),
        (f"no {key}", defaults(**{key: None}), {f"{place}.{key}": ABSENT}),
        (f"no {key} for one mailbox", mailbox(**{key: None}), {f"{place}.{key}": ABSENT}),
    ]


def passed(key, value, place="pod", path=None):
    """A value that is handed on as it is, from the defaults or from a mailbox."""
    path = f"{place}.{path or key}"
    return [
        (key, defaults(**{key: value}), {path: value}),
        (f"{key} of one mailbox", mailbox(**{key: value}), {path: value}),
    ]


NO_DEADLINE = {"settings": {"RUN_DEADLINE": None}}
PEER = [{"ipBlock": {"cidr": "10.0.0.0/8"}}]
AFFINITY = {
    "nodeAffinity": {
        "preferredDuringSchedulingIgnoredDuringExecution": [
            {"weight": 1, "preference": {"matchExpressions": [{"key": "pool", "operator": "In", "values": ["jobs"]}]}}
        ]
    }
}
SPREAD = [
    {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "poll-mesh-inbox"}},
    }
]
DIGEST = "sha256:" + "0123456789abcdef" * 4

OPTIONS = [
    (
        "nothing",
        {},
        {
            "cronjob.spec.schedule": "3-59/5 * * * *",
            "cronjob.spec.suspend": False,
            "cronjob.spec.concurrencyPolicy": "Forbid",
            "cronjob.spec.timeZone": ABSENT,
            "cronjob.spec.startingDeadlineSeconds": 240,
            "cronjob.spec.successfulJobsHistoryLimit": 3,
            "cronjob.spec.failedJobsHistoryLimit": 3,
            "job.backoffLimit": 1,
            "job.activeDeadlineSeconds": 21600,
            "job.ttlSecondsAfterFinished": 86400,
            "job.startingDeadlineSeconds": ABSENT,
            f"{POLICY}.rules": [
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                {
                    "action": "FailJob",
                    "onExitCodes": {"containerName": "poll-mesh-inbox", "operator": "In", "values": [64, 65, 77, 78]},
                },
            ],
            "pod.restartPolicy": "Never",
            "pod.terminationGracePeriodSeconds": 30,
            "pod.serviceAccountName": "mesh-poll-mesh-inbox",
            "container.name": "poll-mesh-inbox",
            "container.image": "registry.example.com/poll-mesh-inbox:0.1.0",
            "container.imagePullPolicy": "IfNotPresent",
            "container.args": ABSENT,
            "container.terminationMessagePolicy": "FallbackToLogsOnError",
            "ServiceAccount.automountServiceAccountToken": False,
            "NetworkPolicy": ABSENT,
            "PrometheusRule": ABSENT,
            "SecretProviderClass": ABSENT,
            "ExternalSecret": ABSENT,
            "Pod.spec.containers.0.args": ["check"],
            "Pod.metadata.annotations": {"helm.sh/hook": "test", "helm.sh/hook-delete-policy": "before-hook-creation"},
        },
    ),
    *number("startingDeadlineSeconds", "cronjob.spec"),
    *number("successfulJobsHistoryLimit", "cronjob.spec"),
    *number("failedJobsHistoryLimit", "cronjob.spec"),
    *number("backoffLimit", "job"),
    *[
        (name, {**values, "defaults": {**values.get("defaults", {}), **NO_DEADLINE}}, wanted)
        for name, values, wanted in number("activeDeadlineSeconds", "job")
    ],
    *number("ttlSecondsAfterFinished", "job"),
    (
        "no grace at all",
        defaults(terminationGracePeriodSeconds=0, settings={"GRACE_PERIOD": "0s"}),
        {"pod.terminationGracePeriodSeconds": 0},
    ),
    ("grace by the setting", mailbox(settings={"GRACE_PERIOD": "2m"}), {"pod.terminationGracePeriodSeconds": 130}),
    ("grace of no time", mailbox(settings={"GRACE_PERIOD": "0s"}), {"pod.terminationGracePeriodSeconds": 10}),
    ("grace of milliseconds", mailbox(settings={"GRACE_PERIOD": "1001ms"}), {"pod.terminationGracePeriodSeconds": 12}),
    ("grace in octal digits", mailbox(settings={"GRACE_PERIOD": "010s"}), {"pod.terminationGracePeriodSeconds": 20}),
    ("grace by hand", defaults(terminationGracePeriodSeconds=21), {"pod.terminationGracePeriodSeconds": 21}),
    (
        "grace by the program's default",
        defaults(settings={"GRACE_PERIOD": None}),
        {"pod.terminationGracePeriodSeconds": 30},
    ),
    ("suspend", defaults(suspend=True), {"cronjob.spec.suspend": True}),
    (
        "suspend, but not this one",
        {**defaults(suspend=True), **mailbox(suspend=False)},
        {"cronjob.spec.suspend": False},
    ),
    ("timeZone", mailbox(timeZone="Europe/London"), {"cronjob.spec.timeZone": "Europe/London"}),
    ("schedule", defaults(schedule="7 3 * * MON-FRI"), {"cronjob.spec.schedule": "7 3 * * MON-FRI"}),
    ("no failJobOnExitStatuses", defaults(failJobOnExitStatuses=[]), {f"{POLICY}.rules.1": ABSENT}),
    (
        "failJobOnExitStatuses",
        mailbox(failJobOnExitStatuses=[78]),
        {f"{POLICY}.rules.1.onExitCodes.values": [78], f"{POLICY}.rules.0.action": "Ignore"},
    ),
    ("image by tag", {"image": {"tag": "1.2"}}, {"container.image": "registry.example.com/poll-mesh-inbox:1.2"}),
    (
        "image by digest",
        {"image": {"digest": DIGEST}},
        {"container.image": f"registry.example.com/poll-mesh-inbox@{DIGEST}"},
    ),
    (
        "image by both",
        {"image": {"tag": "1.2", "digest": DIGEST}},
        {"container.image": f"registry.example.com/poll-mesh-inbox:1.2@{DIGEST}"},
    ),
    (
        "image of one mailbox",
        mailbox(image={"tag": "next", "pullPolicy": "Always"}),
        {"container.image": "registry.example.com/poll-mesh-inbox:next", "container.imagePullPolicy": "Always"},
    ),
    (
        "imagePullSecrets",
        {"imagePullSecrets": [{"name": "registry"}]},
        {"pod.imagePullSecrets": [{"name": "registry"}]},
    ),
    (
        "workload identity",
        defaults(workloadIdentity={"clientId": "c-1", "tenantId": "t-1"}),
        {
            "ServiceAccount.metadata.annotations": {
                "azure.workload.identity/client-id": "c-1",
                "azure.workload.identity/tenant-id": "t-1",
            },
            f"template.{LABELS}": {"azure.workload.identity/use": "true"},
            f"Pod.{LABELS}": {"azure.workload.identity/use": "true"},
            "pod.automountServiceAccountToken": False,
        },
    ),
    (
        "workload identity of one mailbox",
        mailbox(workloadIdentity={"clientId": "c-2"}),
        {
            "ServiceAccount.metadata.name": "mesh-poll-mesh-inbox-x26abc1",
            "ServiceAccount.metadata.annotations": {"azure.workload.identity/client-id": "c-2"},
            "pod.serviceAccountName": "mesh-poll-mesh-inbox-x26abc1",
        },
    ),
    (
        "no service account",
        defaults(serviceAccount={"create": False}),
        {"ServiceAccount": ABSENT, "pod.serviceAccountName": "default"},
    ),
    (
        "a service account that exists",
        defaults(serviceAccount={"create": False, "name": "poller"}),
        {"ServiceAccount": ABSENT, "pod.serviceAccountName": "poller"},
    ),
    (
        "a service account with a name",
        defaults(serviceAccount={"name": "poller", "annotations": {"a": "b"}, "labels": {"c": "d"}}),
        {
            "ServiceAccount.metadata.name": "poller",
            "ServiceAccount.metadata.annotations": {"a": "b"},
            f"ServiceAccount.{LABELS}": {"c": "d"},
            "pod.serviceAccountName": "poller",
        },
    ),
    *passed("annotations", {"a": "b"}, "cronjob", "metadata.annotations"),
    *passed("labels", {"a": "b"}, "cronjob", LABELS),
    *passed("jobAnnotations", {"a": "b"}, "cronjob", "spec.jobTemplate.metadata.annotations"),
    *passed("jobLabels", {"a": "b"}, "cronjob", f"spec.jobTemplate.{LABELS}"),
    *passed("podAnnotations", {"a": "b"}, "template", "metadata.annotations"),
    *passed("podLabels", {"a": "b"}, "template", LABELS),
    *passed(
        "resources", {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"cpu": 0, "memory": "64Mi"}}, "container"
    ),
    (
        "no limit of cpu",
        defaults(resources={"limits": {"cpu": None}}),
        {"container.resources.limits": {"memory": "128Mi"}},
    ),
    *passed("priorityClassName", "low"),
    *passed("runtimeClassName", "gvisor"),
    *passed("nodeSelector", {"pool": "jobs"}),
    *passed("affinity", AFFINITY),
    *passed("tolerations", [{"key": "spot", "operator": "Exists", "effect": "NoSchedule"}]),
    *passed("topologySpreadConstraints", SPREAD),
    *passed("hostAliases", [{"ip": "10.1.2.3", "hostnames": ["mesh.example"]}]),
    *passed("dnsPolicy", "None"),
    *passed("dnsConfig", {"nameservers": ["10.0.0.10"], "options": [{"name": "ndots", "value": "1"}]}),
    *passed("extraEnvFrom", [{"configMapRef": {"name": "more"}}], "container", "envFrom"),
    (
        "extraEnv",
        mailbox(extraEnv=[{"name": "SSL_CERT_FILE", "value": "/ca/ca.pem"}]),
        {"container.env.7": {"name": "SSL_CERT_FILE", "value": "/ca/ca.pem"}},
    ),
    (
        "a mounted folder",
        {
            "defaults": {
                "settings": {"AZURE_STORAGE_ACCOUNT_URL": "", "STORAGE_DIRECTORY": "/messages"},
                "extraVolumes": [{"name": "messages", "persistentVolumeClaim": {"claimName": "messages"}}],
                "extraVolumeMounts": [{"name": "messages", "mountPath": "/messages"}],
            }
        },
        {
            "container.volumeMounts.1": {"name": "messages", "mountPath": "/messages"},
            "pod.volumes.1": {"name": "messages", "persistentVolumeClaim": {"claimName": "messages"}},
        },
    ),
    (
        "a mounted folder without secrets",
        {
            "defaults": {
                "existingSecret": "",
                "settings": {
                    "AZURE_STORAGE_ACCOUNT_URL": "",
                    "STORAGE_DIRECTORY": "/messages",
                    "MESH_AUTHENTICATION": "none",
                },
                "extraVolumes": [{"name": "messages", "emptyDir": {}}],
                "extraVolumeMounts": [{"name": "messages", "mountPath": "/messages"}],
            }
        },
        {
            "container.volumeMounts": [{"name": "messages", "mountPath": "/messages"}],
            "pod.volumes": [{"name": "messages", "emptyDir": {}}],
        },
    ),
    (
        "a termination message elsewhere",
        defaults(settings={"TERMINATION_MESSAGE_PATH": "/dev/other"}),
        {"container.terminationMessagePath": "/dev/other"},
    ),
    (
        "common labels and annotations",
        {"commonLabels": {"team": "screening"}, "commonAnnotations": {"owner": "us"}},
        {
            f"cronjob.{LABELS}": {"team": "screening"},
            f"cronjob.spec.jobTemplate.{LABELS}": {"team": "screening"},
            f"template.{LABELS}": {"team": "screening"},
            f"ServiceAccount.{LABELS}": {"team": "screening"},
            f"Pod.{LABELS}": {"team": "screening"},
            "cronjob.metadata.annotations": {"owner": "us"},
            "template.metadata.annotations": {"owner": "us"},
            "ServiceAccount.metadata.annotations": {"owner": "us"},
            "Pod.metadata.annotations.owner": "us",
        },
    ),
    (
        "labels of ours stay ours",
        {"commonLabels": {"app.kubernetes.io/name": "x", "helm.sh/chart": "y"}},
        {f"cronjob.{LABELS}": {"app.kubernetes.io/name": "poll-mesh-inbox", "helm.sh/chart": "poll-mesh-inbox-0.1.0"}},
    ),
    (
        "names of one's own",
        {"fullnameOverride": "poller"},
        {"cronjob.metadata.name": "poller-x26abc1", "ServiceAccount.metadata.name": "poller"},
    ),
    (
        "half a name of one's own",
        {"nameOverride": "inbox"},
        {"cronjob.metadata.name": "mesh-inbox-x26abc1", f"cronjob.{LABELS}": {"app.kubernetes.io/name": "inbox"}},
    ),
    (
        "networkPolicy",
        policy(),
        {
            "NetworkPolicy.spec.policyTypes": ["Ingress", "Egress"],
            "NetworkPolicy.spec.ingress": [],
            "NetworkPolicy.spec.podSelector": {
                "matchLabels": {"app.kubernetes.io/name": "poll-mesh-inbox", "app.kubernetes.io/instance": "mesh"}
            },
            "NetworkPolicy.spec.egress": [
                {"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]},
                {"ports": [{"protocol": "TCP", "port": 443}]},
            ],
        },
    ),
    (
        "networkPolicy with all",
        policy(
            instanceMetadata=True,
            dnsTo=PEER,
            httpsTo=PEER,
            extraEgress=[{"ports": [{"protocol": "TCP", "port": 3128}]}],
        ),
        {
            "NetworkPolicy.spec.egress": [
                {"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}], "to": PEER},
                {"ports": [{"protocol": "TCP", "port": 443}], "to": PEER},
                {"ports": [{"protocol": "TCP", "port": 80}], "to": [{"ipBlock": {"cidr": "169.254.169.254/32"}}]},
                {"ports": [{"protocol": "TCP", "port": 3128}]},
            ]
        },
    ),
    ("no tests", {"tests": {"enabled": False}}, {"Pod": ABSENT}),
    (
        "extraObjects",
        {
            "extraObjects": [
                {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "{{ .Release.Name }}-a"},
                    "data": {"k": "v"},
                },
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: b\nstringData:\n  k: v\n",
            ]
        },
        {"ConfigMap.metadata.name": "mesh-a", "Secret.stringData": {"k": "v"}},
    ),
    (
        "prometheusRule",
        {"prometheusRule": {"enabled": True, "labels": {"release": "p"}, "alertLabels": {"severity": "page"}}},
        {
            f"PrometheusRule.{LABELS}": {"release": "p"},
            "PrometheusRule.spec.groups.0.name": "messages.mesh-poll-mesh-inbox",
            "PrometheusRule.spec.groups.0.rules.0.alert": "PollMeshInboxNoSuccess",
            "PrometheusRule.spec.groups.0.rules.1.alert": "PollMeshInboxJobFailed",
            "PrometheusRule.spec.groups.0.rules.2.alert": "PollMeshInboxOldMessage",
            "PrometheusRule.spec.groups.0.rules.0.labels": {"severity": "page"},
        },
    ),
    (
        "no alert but one",
        {
            "prometheusRule": {"enabled": True},
            **defaults(alerts={"noSuccessSeconds": None, "jobFailed": False, "oldestMessageSeconds": 0}),
        },
        {
            "PrometheusRule.spec.groups.0.rules.0.alert": "PollMeshInboxOldMessage",
            "PrometheusRule.spec.groups.0.rules.1": ABSENT,
        },
    ),
    (
        "no alert at all",
        {
            "prometheusRule": {"enabled": True},
            **defaults(alerts={"noSuccessSeconds": None, "jobFailed": False, "oldestMessageSeconds": None}),
        },
        {"PrometheusRule": ABSENT},
    ),
    (
        "no alert but ours",
        {
            "prometheusRule": {"enabled": True, "extraRules": [{"alert": "Ours", "expr": "vector(1)"}]},
            **defaults(alerts={"noSuccessSeconds": None, "jobFailed": False, "oldestMessageSeconds": None}),
        },
        {"PrometheusRule.spec.groups.0.rules": [{"alert": "Ours", "expr": "vector(1)"}]},
    ),
    (
        "the Key Vault",
        defaults(
            workloadIdentity={"clientId": "c-1", "tenantId": "t-1"},
            keyVault={
                "name": "vault",
                "cloudName": "AzureUSGovernmentCloud",
                "objects": {"MESH_PASSWORD": "pw", "MESH_CLIENT_KEY": "secret/key/0a1b"},
            },
        ),
        {
            "SecretProviderClass.spec.provider": "azure",
            "SecretProviderClass.spec.parameters.usePodIdentity": "false",
            "SecretProviderClass.spec.parameters.clientID": "c-1",
            "SecretProviderClass.spec.parameters.tenantId": "t-1",
            "SecretProviderClass.spec.parameters.keyvaultName": "vault",
            "SecretProviderClass.spec.parameters.cloudName": "AzureUSGovernmentCloud",
            "pod.volumes.1": {
                "name": "key-vault",
                "csi": {
                    "driver": "secrets-store.csi.k8s.io",
                    "readOnly": True,
                    "volumeAttributes": {"secretProviderClass": "mesh-poll-mesh-inbox-x26abc1"},
                },
            },
        },
    ),
    (
        "a SecretProviderClass that exists",
        mailbox(keyVault={"secretProviderClass": "ours", "objects": {"MESH_PASSWORD": "pw"}}),
        {"SecretProviderClass": ABSENT, "pod.volumes.1.csi.volumeAttributes.secretProviderClass": "ours"},
    ),
    (
        "an external secret",
        mailbox(
            externalSecret={
                "store": {"name": "vault"},
                "refreshInterval": "5m",
                "data": {"MESH_PASSWORD": "mesh/password", "MESH_SHARED_KEY": {"key": "mesh", "property": "shared"}},
            }
        ),
        {
            "ExternalSecret.apiVersion": "external-secrets.io/v1",
            "ExternalSecret.spec": {
                "refreshInterval": "5m",
                "secretStoreRef": {"name": "vault", "kind": "SecretStore"},
                "target": {"name": "mesh-poll-mesh-inbox-x26abc1"},
                "data": [
                    {"secretKey": "MESH_PASSWORD", "remoteRef": {"key": "mesh/password"}},
                    {"secretKey": "MESH_SHARED_KEY", "remoteRef": {"key": "mesh", "property": "shared"}},
                ],
            },
        },
    ),
]
