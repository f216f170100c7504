import Transfer

/// An export request of OTLP in JSON (opentelemetry-proto, `ExportMetricsServiceRequest`; JSON as the OTLP specification
/// has it: 64-bit integers are strings, enumerations are numbers).
package struct MetricsRequest: Sendable {
    package var resource: Metric.Attributes
    /// Name and version of what measures.
    package var scope: (name: String, version: String)
    package var temporality: Temporality
    /// Nanoseconds since 1970.
    package var start: UInt64
    /// Nanoseconds since 1970.
    package var end: UInt64
    package var metrics: [Metric]

    package init(
        resource: Metric.Attributes,
        scope: (name: String, version: String),
        temporality: Temporality,
        start: UInt64,
        end: UInt64,
        metrics: [Metric]
    ) {
        self.resource = resource
        self.scope = scope
        self.temporality = temporality
        self.start = start
        self.end = end
        self.metrics = metrics
    }

    package var json: [UInt8] {
        let resource = #"{"attributes":\#(Self.attributes(resource))}"#
        let scope = #"{"name":\#(Self.text(scope.name)),"version":\#(Self.text(scope.version))}"#
        let metrics = metrics.map(json).joined(separator: ",")
        let scoped = #"{"scope":\#(scope),"metrics":[\#(metrics)]}"#
        return Array(#"{"resourceMetrics":[{"resource":\#(resource),"scopeMetrics":[\#(scoped)]}]}"#.utf8)
    }

    private func json(_ metric: Metric) -> String {
        let data: String
        switch metric.value {
        case .counter(let counts):
            let points = counts.map { point($0.attributes, #""asInt":"\#($0.value)""#) }
            data = #""sum":{"dataPoints":\#(Self.list(points)),\#(aggregation),"isMonotonic":true}"#
        case .gauge(let value):
            data = #""gauge":{"dataPoints":[\#(point([], #""asDouble":\#(value)"#))]}"#
        case .histogram(let distributions, let bounds):
            let points = distributions.map { distribution in
                let count = distribution.buckets.reduce(0, +)
                return point(
                    distribution.attributes,
                    #""count":"\#(count)","sum":\#(distribution.sum),"#
                        + #""bucketCounts":\#(Self.list(distribution.buckets.map { #""\#($0)""# })),"#
                        + #""explicitBounds":\#(Self.list(bounds.map(\.description)))"#
                )
            }
            data = #""histogram":{"dataPoints":\#(Self.list(points)),\#(aggregation)}"#
        }
        return #"{"name":\#(Self.text(metric.name)),"unit":\#(Self.text(metric.unit)),"#
            + #""description":\#(Self.text(metric.description)),\#(data)}"#
    }

    private var aggregation: String { #""aggregationTemporality":\#(temporality.rawValue)"# }

    private func point(_ attributes: Metric.Attributes, _ value: String) -> String {
        #"{"attributes":\#(Self.attributes(attributes)),"startTimeUnixNano":"\#(start)","timeUnixNano":"\#(end)",\#(value)}"#
    }

    private static func attributes(_ attributes: Metric.Attributes) -> String {
        list(attributes.map { #"{"key":\#(text($0.name)),"value":{"stringValue":\#(text($0.value))}}"# })
    }

    private static func list(_ elements: [String]) -> String { "[\(elements.joined(separator: ","))]" }

    private static func text(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
