internal import Transfer

/// The error document of the service: `<Error><Code>…</Code><Message>…</Message></Error>`.
///
/// Anything else that a proxy or a gateway may answer with (HTML, SOAP, JSON, nothing) has neither code nor message.
package struct ErrorBody: Equatable {
    package var code: String?
    /// The first line, as far as it may be shown.
    package var message: String?

    package init(_ body: [UInt8]) {
        let text = String(decoding: body.prefix(16 << 10), as: UTF8.self)
        guard let root = text.firstRange(of: "<Error>"), Self.isProlog(text[..<root.lowerBound]) else { return }
        code = Self.element("Code", in: text[root.upperBound...]).flatMap { Self.checkedCode(String($0)) }
        message = Self.element("Message", in: text[root.upperBound...]).flatMap { Self.shown($0) }
    }

    /// A code, if it is one: letters and digits only.
    static func checkedCode(_ text: String) -> String? {
        let isCode = text.utf8.allSatisfy(PercentEncoding.isLetterOrDigit)
        return isCode && (1...64).contains(text.utf8.count) ? text : nil
    }

    private static func isProlog(_ text: Substring) -> Bool {
        let text = text.drop { $0.isWhitespace || $0 == "\u{feff}" }
        return text.isEmpty || (text.hasPrefix("<?xml") && !text.dropFirst(5).contains("<"))
    }

    private static func element(_ name: String, in text: Substring) -> Substring? {
        guard let start = text.firstRange(of: "<\(name)>"),
            let end = text[start.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        return text[start.upperBound..<end.lowerBound]
    }

    private static func shown(_ text: Substring) -> String? {
        let line = text.prefix { !$0.isNewline }
        let shown = Redaction.redact(String(line))
        return shown.isEmpty ? nil : shown
    }
}
