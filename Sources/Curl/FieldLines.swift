import CCurl
import Glibc
import HTTPTypes

/// The header lines of one request in the shape that libcurl borrows them in: a list of strings. They lie in one piece of
/// memory, which the requests of one handle use in turn.
final class FieldLines {
    private var list = List()

    deinit { list.deallocate() }

    /// Writes the lines of these fields, and of what libcurl would add by itself and must not.
    /// - Returns: the list, which stays until the next call.
    func fill(_ fields: HTTPFields) -> UnsafeMutablePointer<curl_slist> {
        list.fill(fields)
    }
}

private struct List {
    private var text = UnsafeMutableRawBufferPointer.allocate(byteCount: 2048, alignment: 1)
    private var length = 0
    /// Where each line begins in `text`, which may move until all lines are there.
    private var starts: [Int] = []
    private var nodes = UnsafeMutableBufferPointer<curl_slist>.allocate(capacity: 32)

    func deallocate() {
        text.deallocate()
        nodes.deallocate()
    }

    mutating func fill(_ fields: HTTPFields) -> UnsafeMutablePointer<curl_slist> {
        length = 0
        starts.removeAll(keepingCapacity: true)
        var (hasAccept, hasContentType) = (false, false)
        for field in fields {
            if field.name == .accept { hasAccept = true }
            if field.name == .contentType { hasContentType = true }
            add(field)
        }
        add("Expect:")
        if !hasAccept { add("Accept:") }
        if !hasContentType { add("Content-Type:") }
        return link()
    }

    private mutating func add(_ field: HTTPField) {
        starts.append(length)
        var name = field.name.rawName
        name.withUTF8 { put(UnsafeRawBufferPointer($0)) }
        field.withUnsafeBytesOfValue { value in
            // An empty value is sent with a semicolon in libcurl's notation; a colon alone removes the field.
            put(value.isEmpty ? ";" : ": ")
            put(UnsafeRawBufferPointer(value))
        }
        put("\0")
    }

    private mutating func add(_ line: StaticString) {
        starts.append(length)
        put(line)
        put("\0")
    }

    private mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { put(UnsafeRawBufferPointer($0)) }
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        if length + bytes.count > text.count { widen(to: 2 * (length + bytes.count)) }
        UnsafeMutableRawBufferPointer(rebasing: text[length...]).copyMemory(from: bytes)
        length += bytes.count
    }

    private mutating func widen(to count: Int) {
        let wider = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        wider.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[..<length]))
        text.deallocate()
        text = wider
    }

    /// Makes a list of the lines.
    private mutating func link() -> UnsafeMutablePointer<curl_slist> {
        if nodes.count < starts.count {
            nodes.deallocate()
            nodes = .allocate(capacity: 2 * starts.count)
        }
        let first = nodes.baseAddress!
        for (index, start) in starts.enumerated() {
            let line = text.baseAddress!.advanced(by: start).assumingMemoryBound(to: CChar.self)
            let next = index + 1 < starts.count ? first + index + 1 : nil
            (first + index).initialize(to: curl_slist(data: line, next: next))
        }
        return first
    }
}
