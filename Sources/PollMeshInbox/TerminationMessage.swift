import Glibc

/// The file that Kubernetes reads when the container has ended.
package struct TerminationMessage: Sendable, Equatable {
    /// Kubernetes keeps 4096 bytes of it; this is less.
    static let limit = 4_095

    package var path: String
    /// Whether the file is made where there is none: only where a user named it, since Kubernetes mounts the usual one.
    package var createsFile: Bool

    /// Writes the record as JSON of at most ``limit`` bytes, if that is possible in a short time: the file may be on a volume
    /// that hangs, or be no file at all.
    func write(_ record: LogRecord, of stream: LogStream, within time: Duration) {
        let content = Self.content(record, of: stream)
        _ = DetachedThread.do(within: time) { write(content) }
    }

    private func write(_ content: [UInt8]) {
        // A pipe that nobody reads is not waited for.
        let flags = O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (createsFile ? O_CREAT : 0)
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var rest = content[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                return
            }
        }
    }

    /// The record as one JSON object with its line feed, its longest texts and lists cut until it fits.
    static func content(_ record: LogRecord, of stream: LogStream) -> [UInt8] {
        // What is cut holds no secrets any more: half a secret would not be found.
        var record = stream.shown(record)
        var line = LogFormat.json.line(record, stream.process)
        var longest = 2_048
        while line.count > limit {
            if longest >= 16 {
                longest /= 2
                record.fields = record.fields.map { $0.cut(to: longest) }
            } else if record.fields.popLast() == nil {
                return []
            }
            line = LogFormat.json.line(record, stream.process)
        }
        return line
    }
}

extension LogField {
    fileprivate func cut(to length: Int) -> LogField {
        LogField(name: name, value: value.cut(to: length))
    }
}

extension LogValue {
    /// Texts of at most so many characters and a mark, lists of at most so many elements.
    fileprivate func cut(to length: Int) -> LogValue {
        switch self {
        case .text(let text): .text(text.utf8.count > length ? "\(text.prefix(length))…" : text)
        case .list(let values): .list(values.prefix(length).map { $0.cut(to: length) })
        case .object(let fields): .object(fields.map { $0.cut(to: length) })
        case .marked, .number, .fraction, .flag: self
        }
    }
}
