import HTTPTypes

/// What a gateway, a proxy or a portal says when it answers in place of a service, made fit for one line.
package enum GatewayWords {
    /// The characters of a body that are looked at.
    private static let read = 16 << 10
    /// The characters that are shown at most; whoever shows them looks for secrets first.
    private static let shown = 1_000

    /// Who answered and what, as it goes on after a status: `, nginx: "400 Bad Request"`; empty where nothing is said.
    package static func text(_ response: Response, body: [UInt8]) -> String {
        var text = ""
        if let server = response.headerFields[.server].map({ clean($0, limit: 100) }), !server.isEmpty {
            text += ", \(server)"
        }
        let words = excerpt(body)
        if !words.isEmpty {
            text += "\(text.isEmpty ? "," : ":") \"\(words)\""
        }
        return text
    }

    /// The title of a page, or else the first line of its text.
    package static func excerpt(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(read), as: UTF8.self)
        if let title = element("title", in: text) {
            let words = clean(title, limit: shown)
            if !words.isEmpty { return words }
        }
        return clean(firstLine(of: text), limit: shown)
    }

    private static func element(_ name: String, in text: String) -> Substring? {
        let lower = text.lowercased()
        // Lower case can have another length: the places are those of the same text then only.
        guard lower.utf8.count == text.utf8.count, let start = lower.firstRange(of: "<\(name)>"),
            let end = lower[start.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        let from = lower.utf8.distance(from: lower.startIndex, to: start.upperBound)
        let to = lower.utf8.distance(from: lower.startIndex, to: end.lowerBound)
        let bytes = Array(text.utf8)[from..<to]
        return Substring(String(decoding: bytes, as: UTF8.self))
    }

    /// The first line that has anything but markup.
    private static func firstLine(of text: String) -> Substring {
        var line = ""
        var isInTag = false
        for character in text {
            switch character {
            case "<": isInTag = true
            case ">" where isInTag: isInTag = false
            case _ where isInTag: continue
            case _ where character.isNewline:
                if line.contains(where: { !$0.isWhitespace }) { return line[...] }
                line = ""
            default: line.append(character)
            }
        }
        return line[...]
    }

    /// One line without control characters, its blanks single.
    private static func clean(_ text: some StringProtocol, limit: Int) -> String {
        let printable = text.unicodeScalars.map { scalar -> Character in
            scalar.properties.generalCategory == .control || scalar == "\"" ? " " : Character(scalar)
        }
        let words = String(printable).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(words.prefix(limit))
    }
}
