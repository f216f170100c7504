import CCurl
import Glibc
import HTTPTypes

/// The header lines of one request in the shape that libcurl borrows them in: a list of strings. They lie in one piece of
/// memory, which the requests of one handle use in turn.
final class FieldLines {
    private var text: UnsafeMutableRawBufferPointer
    private var nodes: UnsafeMutableBufferPointer<curl_slist>

    init() {
        text = .allocate(byteCount: 2048, alignment: 1)
        nodes = .allocate(capacity: 32)
    }

    deinit {
        text.deallocate()
        nodes.deallocate()
    }

    /// Writes the lines of these fields, and of what libcurl would add by itself and must not.
    /// - Returns: the list, which stays until the next call.
    func fill(_ fields: HTTPFields) -> UnsafeMutablePointer<curl_slist> {
        var (hasAccept, hasContentType, count, bytes) = (false, false, Self.removedCount, Self.removedBytes)
        for field in fields {
            if field.name == .accept { hasAccept = true }
            if field.name == .contentType { hasContentType = true }
            count += 1
            bytes += field.name.rawName.utf8.count + field.withUnsafeBytesOfValue { $0.count } + 3
        }
        makeRoom(count: count, bytes: bytes)
        var writer = Writer(text: text, nodes: nodes)
        for field in fields {
            writer.add(field)
        }
        writer.add("Expect:")
        if !hasAccept { writer.add("Accept:") }
        if !hasContentType { writer.add("Content-Type:") }
        return nodes.baseAddress!
    }

    private static let removedCount = 3
    private static let removedBytes = 64

    private func makeRoom(count: Int, bytes: Int) {
        if text.count < bytes {
            text.deallocate()
            text = .allocate(byteCount: 2 * bytes, alignment: 1)
        }
        if nodes.count < count {
            nodes.deallocate()
            nodes = .allocate(capacity: 2 * count)
        }
    }

    /// Writes lines into room that is large enough.
    private struct Writer {
        let text: UnsafeMutableRawBufferPointer
        let nodes: UnsafeMutableBufferPointer<curl_slist>
        private var length = 0
        private var lines = 0

        init(text: UnsafeMutableRawBufferPointer, nodes: UnsafeMutableBufferPointer<curl_slist>) {
            self.text = text
            self.nodes = nodes
        }

        mutating func add(_ field: HTTPField) {
            let start = length
            var name = field.name.rawName
            name.withUTF8 { put(UnsafeRawBufferPointer($0)) }
            field.withUnsafeBytesOfValue { value in
                // An empty value is sent with a semicolon in libcurl's notation; a colon alone removes the field.
                put(value.isEmpty ? ";" : ": ")
                put(UnsafeRawBufferPointer(value))
            }
            end(from: start)
        }

        mutating func add(_ line: StaticString) {
            let start = length
            put(line)
            end(from: start)
        }

        private mutating func put(_ text: StaticString) {
            text.withUTF8Buffer { put(UnsafeRawBufferPointer($0)) }
        }

        private mutating func put(_ bytes: UnsafeRawBufferPointer) {
            guard !bytes.isEmpty else { return }
            UnsafeMutableRawBufferPointer(rebasing: text[length...]).copyMemory(from: bytes)
            length += bytes.count
        }

        private mutating func end(from start: Int) {
            text[length] = 0
            length += 1
            let line = text.baseAddress!.advanced(by: start).assumingMemoryBound(to: CChar.self)
            nodes.initializeElement(at: lines, to: curl_slist(data: line, next: nil))
            if lines > 0 {
                nodes[lines - 1].next = nodes.baseAddress! + lines
            }
            lines += 1
        }
    }
}
