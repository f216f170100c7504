internal import Transfer

/// Makes text of others fit to be handed on: one line, no control characters, no query.
enum Redaction {
    /// The text without the values of signatures and of whole queries, cut to `limit` characters: so many that a secret
    /// is still whole in it. Whoever shows the text looks for secrets first, and then cuts it to a few words.
    static func redact(_ text: String, limit: Int = MarkedText.keptBytes) -> String {
        var words: [Substring] = []
        for word in text.split(whereSeparator: { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 } }) {
            if let query = word.firstIndex(of: "?"), word[query...].contains("=") {
                words.append(word[..<query] + "?…")
            } else if let signature = word.firstRange(of: "sig=") {
                words.append(word[..<signature.upperBound] + "…")
            } else {
                words.append(word)
            }
        }
        let shown = words.joined(separator: " ")
        return shown.count > limit ? shown.prefix(limit) + "…" : shown
    }
}
