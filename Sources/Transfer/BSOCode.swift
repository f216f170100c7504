/// What the code of the screening office in a blob's name is taken from.
package enum BSOSource: String, Sendable, CaseIterable {
    case messageID = "message-id"
    case fileName = "file-name"
    case localID = "local-id"
    case sender
    case workflowID = "workflow-id"

    /// The text whose first three characters are the code; `nil` where the message lacks it.
    package func text(id: MessageID, attributes: MessageAttributes) -> String? {
        switch self {
        case .messageID: id.text
        case .fileName: attributes["filename"]
        case .localID: attributes["localid"]
        case .sender: attributes["from"]
        case .workflowID: attributes["workflowid"]
        }
    }
}

/// Three characters, `A-Z` and `0-9`, that a blob's name begins with.
package struct BSOCode: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// The first three characters in upper case, if all three are ASCII letters or digits.
    package init?(_ source: String) {
        let bytes = source.utf8.prefix(3)
        guard bytes.count == 3, bytes.allSatisfy(PercentEncoding.isLetterOrDigit) else { return nil }
        text = String(decoding: bytes.map { (97...122).contains($0) ? $0 - 32 : $0 }, as: UTF8.self)
    }

    package var description: String { text }
}
