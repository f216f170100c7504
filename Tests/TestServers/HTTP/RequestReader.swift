import Glibc

/// Reads requests from a socket through one buffer; bodies go straight to where they stay.
struct RequestReader: ~Copyable {
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    init(descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.buffer = .allocate(byteCount: limit, alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    /// - Returns: nil when the client closed the connection.
    mutating func readHead() throws(RequestProblem) -> RequestHead? {
        while true {
            if let length = headLength() {
                let text = UnsafeRawBufferPointer(rebasing: buffer[start..<start + length])
                start += length + 4
                return try RequestHead(text)
            }
            if start > 0 {
                memmove(buffer.baseAddress!, buffer.baseAddress! + start, end - start)
                end -= start
                start = 0
            }
            guard end < buffer.count else {
                throw RequestProblem(status: 431, reason: "a head of more than \(buffer.count) bytes")
            }
            guard let count = Sockets.receive(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
            else {
                return nil
            }
            end += count
        }
    }

    /// - Returns: the body, or what came of it before the connection ended.
    mutating func readBody(_ length: Int) -> [UInt8] {
        guard length > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: length) { body, count in
            let target = UnsafeMutableRawBufferPointer(body)
            let buffered = min(length, end - start)
            if buffered > 0 {
                memcpy(target.baseAddress!, buffer.baseAddress! + start, buffered)
                start += buffered
            }
            count = buffered
            while count < length {
                let room = UnsafeMutableRawBufferPointer(rebasing: target[count..<length])
                guard let more = Sockets.receive(descriptor, into: room) else { return }
                count += more
            }
        }
    }

    /// Reads on until the client closes or has sent enough.
    mutating func discard(atMost limit: Int) {
        var rest = limit
        while rest > 0, let count = Sockets.receive(descriptor, into: buffer) { rest -= count }
    }

    private func headLength() -> Int? {
        let text = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
        var position = 0
        while let found = find(UInt8(ascii: "\r"), in: text, from: position), found + 4 <= text.count {
            if memcmp(text.baseAddress! + found, "\r\n\r\n", 4) == 0 { return found }
            position = found + 1
        }
        return nil
    }
}

/// The place of a byte.
func find(_ byte: UInt8, in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = text.baseAddress, start < text.count else { return nil }
    return memchr(base + start, Int32(byte), text.count - start).map { UnsafeRawPointer($0) - base }
}
