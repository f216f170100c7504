/// A text that knows which of its parts are this program's own words, and which came from elsewhere.
///
/// A string literal is the program's own: no secret stands in it. What is put between such words may repeat a secret, so
/// whoever shows the text looks for secrets there first, and cuts that part to its limit afterwards: half a secret would
/// not be found.
package struct MarkedText: Sendable, Equatable {
    package enum Origin: Sendable, Equatable {
        /// Written in this program's source.
        case own
        /// Made by this program of its own words and of names that its user knows.
        case familiar
        /// From a service, a message, a file.
        case foreign
    }

    package struct Part: Sendable, Equatable {
        package var text: String
        package var origin: Origin
        /// How many characters of it are shown.
        package var limit: Int
    }

    /// How many characters of what others say are shown.
    package static let foreignLimit = 200
    /// How many characters of a text of the program's own are shown.
    package static let familiarLimit = 1_000
    /// How many bytes of a part are kept: enough to find a secret whole that stands in what is shown.
    package static let keptBytes = 4_096

    package private(set) var parts: [Part] = []

    /// A text that was put together elsewhere.
    package init(familiar text: String) {
        add(text, .familiar, limit: Self.familiarLimit)
    }

    /// A text of others.
    package init(foreign text: String, limit: Int = foreignLimit) {
        add(text, .foreign, limit: limit)
    }

    /// The whole text, as far as it was kept. It is not fit to be logged: ``parts`` are.
    package var text: String { parts.count == 1 ? parts[0].text : parts.map(\.text).joined() }

    /// The same text with each part that is not the program's own changed.
    package func mapForeign(_ change: (String) -> String) -> MarkedText {
        var changed = self
        for index in parts.indices where parts[index].origin != .own {
            changed.parts[index].text = change(parts[index].text)
        }
        return changed
    }

    /// The same text, of which no more than so many characters are shown.
    package func limited(to limit: Int) -> MarkedText {
        var limited = self
        limited.parts = []
        var room = limit
        for var part in parts {
            guard room > 0 else { break }
            let length = min(part.text.unicodeScalars.count, part.limit)
            part.limit = min(part.limit, room)
            limited.parts.append(part)
            room -= length
        }
        if limited.parts.count < parts.count, let last = limited.parts.last,
            last.text.unicodeScalars.count <= last.limit
        {
            limited.parts.append(Part(text: "…", origin: .own, limit: 1))
        }
        return limited
    }

    fileprivate mutating func add(_ text: String, _ origin: Origin, limit: Int) {
        guard !text.isEmpty else { return }
        if origin == .own, let last = parts.last, last.origin == .own {
            parts[parts.count - 1].text += text
            return
        }
        parts.append(Part(text: origin == .own ? text : Self.kept(text), origin: origin, limit: limit))
    }

    private static func kept(_ text: String) -> String {
        guard text.utf8.count > keptBytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: keptBytes)
        while UTF8.isContinuation(text.utf8[end]) { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}

extension MarkedText {
    package static func + (left: MarkedText, right: MarkedText) -> MarkedText {
        var sum = left
        sum += right
        return sum
    }

    package static func += (left: inout MarkedText, right: MarkedText) {
        for part in right.parts { left.add(part.text, part.origin, limit: part.limit) }
    }
}

extension MarkedText: CustomStringConvertible {
    package var description: String { text }
}

extension MarkedText: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        add(text, .own, limit: .max)
    }

    package init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.text
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = MarkedText(stringLiteral: "")

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            text.add(literal, .own, limit: .max)
        }

        package mutating func appendInterpolation(_ number: some BinaryInteger) {
            text.add(number.description, .own, limit: .max)
        }

        package mutating func appendInterpolation(_ other: MarkedText) {
            text += other
        }

        /// Words that this program has put together.
        package mutating func appendInterpolation(familiar words: String) {
            text.add(words, .familiar, limit: MarkedText.familiarLimit)
        }

        /// Whatever came from elsewhere.
        package mutating func appendInterpolation(_ value: some CustomStringConvertible, limit: Int = foreignLimit) {
            text.add(value.description, .foreign, limit: limit)
        }

        /// A name of a blob is shown whole.
        package mutating func appendInterpolation(_ name: BlobName) {
            text.add(name.path, .foreign, limit: MarkedText.familiarLimit)
        }
    }
}
