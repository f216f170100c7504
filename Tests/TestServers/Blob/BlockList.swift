/// The XML body of Put Block List, read strictly: nothing but the three kinds of entries.
enum BlockList {
    enum Kind: String {
        case latest = "Latest"
        case committed = "Committed"
        case uncommitted = "Uncommitted"
    }

    struct Entry {
        let kind: Kind
        let id: String
    }

    static func parse(_ body: [UInt8]) throws(BlobError) -> [Entry] {
        guard let text = String(validating: body, as: UTF8.self) else { throw invalid }
        var rest = Substring(text)
        skipSpace(&rest)
        if rest.hasPrefix("<?xml") {
            guard let end = rest.firstRange(of: "?>") else { throw invalid }
            rest = rest[end.upperBound...]
            skipSpace(&rest)
        }
        if rest.trimmed() == "<BlockList/>" || rest.trimmed() == "<BlockList />" { return [] }
        try take("<BlockList>", from: &rest)
        var entries: [Entry] = []
        while true {
            skipSpace(&rest)
            if rest.hasPrefix("</BlockList>") {
                guard rest.trimmed() == "</BlockList>" else { throw invalid }
                return entries
            }
            try take("<", from: &rest)
            let name = rest.prefix { $0 != ">" }
            guard let kind = Kind(rawValue: String(name)) else { throw invalid }
            rest = rest.dropFirst(name.count + 1)
            let id = rest.prefix { $0 != "<" }
            rest = rest.dropFirst(id.count)
            try take("</\(name)>", from: &rest)
            guard Base64.decode(String(id)) != nil else { throw .invalidBlockList }
            entries.append(Entry(kind: kind, id: String(id)))
        }
    }

    private static let invalid = BlobError(400, "InvalidXmlDocument", "XML specified is not syntactically valid.")

    private static func take(_ expected: String, from text: inout Substring) throws(BlobError) {
        guard text.hasPrefix(expected) else { throw invalid }
        text = text.dropFirst(expected.count)
    }

    private static func skipSpace(_ text: inout Substring) {
        text = text.drop { $0.isWhitespace }
    }
}

extension Substring {
    fileprivate func trimmed() -> Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
