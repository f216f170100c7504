import Logging
import Transfer

/// The value of one field, as it is written.
enum LogValue: Sendable, Equatable {
    /// A text whose field says how it is shown.
    case text(String)
    /// A text whose parts say how they are shown.
    case marked(MarkedText)
    /// A number as JSON writes it.
    case number(String)
    /// A finite number that may have a fraction.
    case fraction(Double)
    case flag(Bool)
    case list([LogValue])
    case object([LogField])
}

/// A named value.
struct LogField: Sendable, Equatable {
    var name: String
    var value: LogValue
}

extension LogValue {
    /// A value of metadata. A `stringConvertible` that is a number or a truth value stays one, and a `Duration` becomes
    /// a number of seconds; everything else is text, what was written as a string literal or interpolation too.
    init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self = .text(text)
        case .stringConvertible(let value): self = Self.scalar(value)
        case .array(let values): self = .list(values.map(LogValue.init))
        case .dictionary(let values): self = .object(LogField.sorted(values))
        }
    }

    private static func scalar(_ value: any CustomStringConvertible & Sendable) -> LogValue {
        switch value {
        case let value as MarkedText: .marked(value)
        case let value as Int: .number(value.description)
        case let value as Bool: .flag(value)
        case let value as Double: number(value)
        case let value as Duration: number(seconds(value))
        case let value as any BinaryInteger: .number(value.description)
        case let value as Float: number(Double(value))
        default: .text(value.description)
        }
    }

    /// JSON has neither infinities nor NaN: these become text.
    private static func number(_ value: Double) -> LogValue {
        value.isFinite ? .fraction(value) : .text(value.description)
    }

    /// Seconds, to the millisecond.
    private static func seconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return (Double(seconds) * 1_000 + Double(attoseconds / 1_000_000_000_000_000)) / 1_000
    }
}

extension LogField {
    /// The fields of metadata, flat (`a.b` for a dictionary in a dictionary) and sorted by name.
    static func flat(_ metadata: Logger.Metadata) -> [LogField] {
        var fields: [LogField] = []
        fields.reserveCapacity(metadata.count)
        append(metadata, prefix: "", to: &fields)
        fields.sort { $0.name < $1.name }
        return withoutRepeats(fields)
    }

    fileprivate static func sorted(_ metadata: Logger.Metadata) -> [LogField] {
        metadata.map { LogField(name: $0.key, value: LogValue($0.value)) }.sorted { $0.name < $1.name }
    }

    private static func append(_ metadata: Logger.Metadata, prefix: String, to fields: inout [LogField]) {
        for (name, value) in metadata {
            if case .dictionary(let values) = value {
                append(values, prefix: "\(prefix)\(name).", to: &fields)
            } else {
                fields.append(LogField(name: prefix + name, value: LogValue(value)))
            }
        }
    }

    /// One name, one value: `["a.b": 1, "a": ["b": 2]]` has two.
    private static func withoutRepeats(_ fields: [LogField]) -> [LogField] {
        zip(fields, fields.dropFirst()).contains { $0.name == $1.name }
            ? fields.reduce(into: []) { kept, field in
                if kept.last?.name != field.name {
                    kept.append(field)
                }
            }
            : fields
    }
}
