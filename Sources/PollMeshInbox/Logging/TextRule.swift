import Transfer

/// How the text of a field is shown: how it is looked through for secrets, and how much of it is left after that.
struct TextRule: Sendable {
    /// `nil` for what only this program says.
    var care: Redactor.Care?
    /// In characters.
    var limit: Int

    /// Words of this program alone.
    static let own = TextRule(care: nil, limit: .max)
    /// Words of others, as far as nothing else is known of a field.
    static let foreign = TextRule(care: .foreign, limit: MarkedText.foreignLimit)
    /// Names of a service's making are shorter; a name that is longer is none.
    static let id = TextRule(care: .name, limit: 128)
    /// Azure takes 1024 characters.
    static let blobName = TextRule(care: .name, limit: 1_100)

    private static let requestID = TextRule(care: .foreign, limit: id.limit)
    private static let familiar = TextRule(care: .familiar, limit: MarkedText.familiarLimit)

    /// No text of so many bytes is cut.
    static let shortestLimit = id.limit

    private static let rules: [String: TextRule] = [
        "check": own, "setting": own, "outcome": own,
        "error.advice": familiar, "problem": familiar, "problems": familiar, "credential": familiar,
        "mesh.request_id": requestID, "storage.request_id": requestID,
        "messaging.message.id": id, "mesh.linked_message_id": id, "mesh.mailbox": id, "blob.container": id,
        "blob.sha256": id, "blob.name": blobName, "error.type": TextRule(care: .foreign, limit: id.limit),
    ]

    static func of(_ field: String) -> TextRule { rules[field] ?? foreign }
}

extension Redactor {
    /// The text as its field shows it: without secrets, and cut where it is too long.
    func shown(_ text: String, _ rule: TextRule) -> String {
        guard let care = rule.care else { return text }
        return Self.cut(redact(text, care), to: rule.limit)
    }

    /// The text with each of its parts shown by its own rule.
    func shown(_ text: MarkedText) -> String {
        text.parts.map { part in
            let care: Care? =
                switch part.origin {
                case .own: nil
                case .familiar: .familiar
                case .foreign: .foreign
                }
            let clean = care.map { redact(part.text, $0) } ?? part.text
            return Self.cut(clean, to: part.limit)
        }.joined()
    }

    /// The value with all of its texts as the field shows them.
    func shown(_ value: LogValue, of field: String) -> LogValue {
        switch value {
        case .text(let text): .text(shown(text, .of(field)))
        case .marked(let text): .text(shown(text))
        case .list(let values): .list(values.map { shown($0, of: field) })
        case .object(let fields):
            .object(fields.map { LogField(name: $0.name, value: shown($0.value, of: $0.name)) })
        case .number, .fraction, .flag: value
        }
    }

    private static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return text }
        return String(text.unicodeScalars.prefix(limit)) + "…"
    }
}
