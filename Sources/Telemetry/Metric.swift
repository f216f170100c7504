/// One metric of OpenTelemetry's data model, with its points of one moment.
package struct Metric: Sendable {
    /// What tells one point from its siblings.
    package typealias Attributes = [(name: String, value: String)]

    /// How often something happened.
    package struct Count: Sendable {
        var attributes: Attributes
        var value: Int

        package init(_ value: Int, _ attributes: Attributes = []) {
            self.value = value
            self.attributes = attributes
        }
    }

    /// How large something was, each time that it happened.
    package struct Distribution: Sendable {
        var attributes: Attributes
        /// One more than there are bounds.
        var buckets: [Int]
        var sum: Double

        package init(buckets: [Int], sum: Double, _ attributes: Attributes = []) {
            self.buckets = buckets
            self.sum = sum
            self.attributes = attributes
        }
    }

    package enum Value: Sendable {
        /// Only ever grows within a run.
        case counter([Count])
        case gauge(Double)
        /// - bounds: the upper bounds of all buckets but the last.
        case histogram([Distribution], bounds: [Double])
    }

    package var name: String
    /// As UCUM writes it, such as `s` or `By`; what is counted stands in braces.
    package var unit: String
    package var description: String
    package var value: Value

    package init(_ name: String, unit: String, _ description: String, _ value: Value) {
        self.name = name
        self.unit = unit
        self.description = description
        self.value = value
    }
}

/// What a counter's value is counted from.
package enum Temporality: Int, Sendable {
    /// From the last export, which for a process that exports once is its start.
    case delta = 1
    case cumulative = 2
}
