import Transfer

/// Writes one line of the log into one buffer, field by field.
struct FieldWriter {
    private let format: LogFormat
    /// Looks through each text and cuts it; `nil` to write texts as they are.
    private let redactor: Redactor?
    private var bytes: [UInt8] = []
    /// Whether a text was written as it is that may be longer than its field shows.
    private(set) var hasLongText = false

    init(format: LogFormat, redactor: Redactor? = nil) {
        self.format = format
        self.redactor = redactor
        bytes.reserveCapacity(512)
    }

    mutating func begin(_ time: WallTime, _ level: StaticString, _ message: String, _ process: ProcessFields) {
        switch format {
        case .json:
            append("{\"time\":\"")
            time.appendRFC3339(to: &bytes)
            append("\",\"level\":\"")
            append(level)
            append("\",\"msg\":")
            LogText.append(shownSentence(message), to: &bytes)
            bytes += process.json
        case .text:
            time.appendTimeOfDay(to: &bytes)
            append(" ")
            append(level)
            append(" ")
            LogText.appendEscaped(shownSentence(message), to: &bytes)
        }
    }

    mutating func end() -> [UInt8] {
        append(format == .json ? "}\n" : "\n")
        return bytes
    }

    /// Appends a field of a name that needs no escaping.
    mutating func append(_ name: StaticString, text: String, _ rule: TextRule) {
        appendName(name)
        appendValue(shown(text, rule))
    }

    /// Appends a field of a name that needs no escaping.
    mutating func append(_ name: StaticString, number: UInt64) {
        appendName(name)
        bytes.appendDigits(of: number)
    }

    mutating func append(_ field: LogField) {
        switch format {
        case .json:
            append(",")
            let name = ProcessFields.reserved.contains(field.name) ? "field.\(field.name)" : field.name
            LogText.append(shownName(name), to: &bytes)
            append(":")
        case .text:
            append(" ")
            LogText.appendEscaped(shownName(field.name), to: &bytes)
            append("=")
        }
        switch field.value {
        case .text(let text): appendValue(shown(text, rule(field.name)))
        case .marked(let text): appendValue(shown(text))
        default: appendJSON(field.value, of: field.name)
        }
    }

    private mutating func append(_ text: StaticString) {
        bytes += UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private mutating func appendName(_ name: StaticString) {
        switch format {
        case .json:
            append(",\"")
            append(name)
            append("\":")
        case .text:
            append(" ")
            append(name)
            append("=")
        }
    }

    private mutating func appendValue(_ text: String) {
        if format == .text && Self.isBare(text) {
            bytes += text.utf8
        } else {
            LogText.append(text, to: &bytes)
        }
    }

    /// - Parameter name: of the field that the value is in.
    private mutating func appendJSON(_ value: LogValue, of name: String) {
        switch value {
        case .text(let text): LogText.append(shown(text, rule(name)), to: &bytes)
        case .marked(let text): LogText.append(shown(text), to: &bytes)
        case .number(let number): bytes += number.utf8
        case .fraction(let number): bytes += (format == .json ? number : Self.rounded(number)).description.utf8
        case .flag(let flag): append(flag ? "true" : "false")
        case .list(let values):
            append("[")
            for (index, value) in values.enumerated() {
                if index > 0 { append(",") }
                appendJSON(value, of: name)
            }
            append("]")
        case .object(let fields):
            append("{")
            for (index, field) in fields.enumerated() {
                if index > 0 { append(",") }
                LogText.append(shownName(field.name), to: &bytes)
                append(":")
                appendJSON(field.value, of: field.name)
            }
            append("}")
        }
    }

    /// A number for people: thousandths are enough where there are any.
    private static func rounded(_ number: Double) -> Double {
        abs(number) >= 0.001 && abs(number) < 1e12 ? (number * 1_000).rounded() / 1_000 : number
    }

    /// Whether a text needs no quotation marks to be told from what is around it.
    private static func isBare(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
                    && byte != UInt8(ascii: "\\")
            }
    }
}

extension FieldWriter {
    private func rule(_ name: String) -> TextRule {
        redactor == nil ? .foreign : TextRule.of(name)
    }

    private mutating func shown(_ text: String, _ rule: TextRule) -> String {
        if let redactor { return redactor.shown(text, rule) }
        hasLongText = hasLongText || text.utf8.count > TextRule.shortestLimit
        return text
    }

    private mutating func shown(_ text: MarkedText) -> String {
        if let redactor { return redactor.shown(text) }
        hasLongText = hasLongText || text.parts.contains { $0.text.utf8.count > $0.limit }
        return text.text
    }

    /// What a line says stands in the reference of the log, or it is not ours.
    private func shownSentence(_ text: String) -> String {
        guard let redactor, !LogReference.sentences.contains(text) else { return text }
        return redactor.shown(text, .foreign)
    }

    private func shownName(_ name: String) -> String {
        guard let redactor, !LogReference.names.contains(name) else { return name }
        return redactor.shown(name, .foreign)
    }
}
