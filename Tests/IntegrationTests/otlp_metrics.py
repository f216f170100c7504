"""Usage: otlp_metrics.py FILE
Reads an OTLP request in JSON with OpenTelemetry's own classes, which refuse what is none, and prints what it says.
"""

import json
import sys

from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest


def attributes(pairs):
    return {pair.key: pair.value.string_value for pair in pairs}


def labels(pairs):
    return ",".join(f"{name}={value}" for name, value in sorted(attributes(pairs).items()))


with open(sys.argv[1], "rb") as file:
    request = Parse(file.read(), ExportMetricsServiceRequest())
(resource_metrics,) = request.resource_metrics
(scope_metrics,) = resource_metrics.scope_metrics
answer = {
    "resource": attributes(resource_metrics.resource.attributes),
    "scope": scope_metrics.scope.name,
    "units": {},
    "numbers": {},
    "temporalities": {},
    "bounds": [],
    "buckets": {},
    "sums": {},
    "started": set(),
    "ended": set(),
}
for metric in scope_metrics.metrics:
    kind = metric.WhichOneof("data")
    data = getattr(metric, kind)
    answer["units"][metric.name] = metric.unit
    if kind != "gauge":
        answer["temporalities"][metric.name] = data.aggregation_temporality
    if kind == "sum":
        assert data.is_monotonic
    for point in data.data_points:
        answer["started"].add(point.start_time_unix_nano)
        answer["ended"].add(point.time_unix_nano)
        key = f"{metric.name}{{{labels(point.attributes)}}}"
        if kind == "histogram":
            assert point.count == sum(point.bucket_counts)
            assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
            answer["bounds"] = list(point.explicit_bounds)
            answer["buckets"][key] = list(point.bucket_counts)
            answer["sums"][key] = point.sum
        else:
            answer["numbers"][key] = getattr(point, point.WhichOneof("value"))
(answer["started"],) = answer["started"]
(answer["ended"],) = answer["ended"]
json.dump(answer, sys.stdout)
