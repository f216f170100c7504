import Foundation

/// One line of the log, read by somebody else's parser.
package struct JSONLine: Sendable {
    package enum Value: Sendable, Equatable {
        case text(String)
        case number(Double)
        case flag(Bool)
        case list([Value])
        case object([String: Value])
        case null
    }

    /// As it was written.
    package let source: String
    package let values: [String: Value]

    package init(_ source: String) throws {
        self.source = source
        values = try JSONDecoder().decode([String: Value].self, from: Data(source.utf8))
    }

    package init(_ source: [UInt8]) throws {
        try self.init(String(decoding: source, as: UTF8.self))
    }

    package var level: String { self["level"] ?? "" }
    package var sentence: String { self["msg"] ?? "" }
    package var outcome: String? { self["outcome"] }
    package var messageID: String? { self["messaging.message.id"] }
    package var errorType: String? { self["error.type"] }

    package subscript(name: String) -> String? {
        if case .text(let text) = values[name] { text } else { nil }
    }

    package subscript(number name: String) -> Int? {
        if case .number(let number) = values[name] { Int(exactly: number) } else { nil }
    }

    package subscript(double name: String) -> Double? {
        if case .number(let number) = values[name] { number } else { nil }
    }

    package subscript(flag name: String) -> Bool? {
        if case .flag(let flag) = values[name] { flag } else { nil }
    }

    package subscript(list name: String) -> [Value]? {
        if case .list(let list) = values[name] { list } else { nil }
    }

    /// What a reader learns of a failure: its message, the advice, and the problem with a setting.
    package var explanation: String {
        ["error.message", "error.advice", "problem"].compactMap { self[$0] }.joined(separator: " ")
    }
}

extension JSONLine: Equatable {
    package static func == (left: JSONLine, right: JSONLine) -> Bool { left.values == right.values }
}

extension JSONLine.Value: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([Self].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: Self].self))
        }
    }
}
