import Glibc

/// The file that Kubernetes reads when the container has ended.
package struct TerminationMessage: Sendable, Equatable {
    /// Kubernetes keeps 4096 bytes of it; this is less.
    static let limit = 4_095

    package var path: String
    /// Whether the file is made where there is none: only where a user named it, since Kubernetes mounts the usual one.
    package var createsFile: Bool

    /// Writes the record as JSON of at most ``limit`` bytes, if that is possible.
    func write(_ record: LogRecord, of stream: LogStream) {
        let flags = O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (createsFile ? O_CREAT : 0)
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        LineWriter(descriptor: descriptor).write(Self.content(record, of: stream))
    }

    /// The record as one JSON object with its line feed, its longest texts and lists cut until it fits.
    static func content(_ record: LogRecord, of stream: LogStream) -> [UInt8] {
        // What is cut holds no secrets any more: half a secret would not be found.
        var record = record
        record.fields = record.fields.map { $0.mapTexts(stream.redactor.redact) }
        var line = stream.line(record, .json)
        var longest = 2_048
        while line.count > limit {
            if longest >= 16 {
                longest /= 2
                record.fields = record.fields.map { $0.cut(to: longest) }
            } else if record.fields.popLast() == nil {
                return []
            }
            line = stream.line(record, .json)
        }
        return line
    }
}

extension LogField {
    fileprivate func mapTexts(_ change: (String) -> String) -> LogField {
        LogField(name: name, value: value.mapTexts(change))
    }

    fileprivate func cut(to length: Int) -> LogField {
        LogField(name: name, value: value.cut(to: length))
    }
}

extension LogValue {
    fileprivate func mapTexts(_ change: (String) -> String) -> LogValue {
        switch self {
        case .text(let text): .text(change(text))
        case .list(let values): .list(values.map { $0.mapTexts(change) })
        case .object(let fields): .object(fields.map { $0.mapTexts(change) })
        case .number, .flag: self
        }
    }

    /// Texts of at most so many characters and a mark, lists of at most so many elements.
    fileprivate func cut(to length: Int) -> LogValue {
        switch self {
        case .text(let text): .text(text.utf8.count > length ? "\(text.prefix(length))…" : text)
        case .list(let values): .list(values.prefix(length).map { $0.cut(to: length) })
        case .object(let fields): .object(fields.map { $0.cut(to: length) })
        case .number, .flag: self
        }
    }
}
