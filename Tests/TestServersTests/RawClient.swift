import Dispatch
import Glibc

@testable import TestServers

/// A client that sends exactly the bytes it is given: one connection, no library that would repair a request.
///
/// It waits on threads of its own, never on those of the concurrency pool, which the servers' handlers need.
final class RawClient: Sendable {
    struct Answer: Sendable {
        var status: Int
        /// Names in lower case.
        var headers: [(name: String, value: [UInt8])]
        var body: [UInt8]

        subscript(name: String) -> String? {
            headers.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
        }

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(text: "no connection to port \(port)") }
    }

    deinit {
        close(descriptor)
    }

    struct Failure: Error {
        let text: String
    }

    /// Sends a request with Host and, unless the headers have one, Content-Length, and reads the answer.
    func exchange(
        _ method: String,
        _ target: String,
        _ headers: [(String, String)] = [],
        _ body: [UInt8] = []
    ) async throws -> Answer {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !headers.contains(where: { $0.0.lowercased() == "content-length" }), method != "GET", method != "HEAD" {
            head += "Content-Length: \(body.count)\r\n"
        }
        guard let answer = try await send(Array((head + "\r\n").utf8) + body, isHead: method == "HEAD") else {
            throw Failure(text: "the connection was closed without an answer")
        }
        return answer
    }

    /// Sends bytes and reads one answer.
    /// - Returns: nil when the connection was closed without a byte of an answer.
    func send(_ bytes: [UInt8], isHead: Bool = false) async throws -> Answer? {
        try await onThread { [self] in
            try write(bytes)
            return try readAnswer(isHead: isHead)
        }
    }

    /// Sends bytes and reads everything until the connection is closed or reset.
    /// - Parameter enough: after so many bytes it is left at that.
    func sendAndDrain(_ bytes: [UInt8], enough: Int? = nil) async throws -> [UInt8] {
        try await onThread { [self] in
            try write(bytes)
            var all: [UInt8] = []
            while all.count < enough ?? .max, let more = try? read(), !more.isEmpty { all += more }
            return all
        }
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            startThread(DispatchGroup()) { continuation.resume(with: Result { try work() }) }
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(text: "the server does not take more bytes") }
            sent += count
        }
    }

    private func read() throws -> [UInt8] {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, filled in
            count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            filled = max(0, count)
        }
        guard count >= 0 else { throw Failure(text: errno == ECONNRESET ? "reset" : "nothing came for 20 seconds") }
        return bytes
    }

    private func readAnswer(isHead: Bool) throws -> Answer? {
        var bytes: [UInt8] = []
        var end = 0
        while end == 0 {
            let more = try read()
            if more.isEmpty {
                guard bytes.isEmpty else { throw Failure(text: "half a head") }
                return nil
            }
            bytes += more
            end = (bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? 0)
        }
        var answer = Self.head(Array(bytes[..<(end - 4)]))
        if answer.status == 100 { return answer }
        let length = isHead || answer.status == 304 ? 0 : Int(answer["content-length"] ?? "0") ?? 0
        answer.body = Array(bytes[end...])
        answer.body.reserveCapacity(length)
        while answer.body.count < length {
            let more = try read()
            guard !more.isEmpty else { throw Failure(text: "a cut body") }
            answer.body += more
        }
        return answer
    }

    private static func head(_ bytes: [UInt8]) -> Answer {
        let lines = bytes.split(separator: 10).map { $0.last == 13 ? $0.dropLast() : $0 }
        let status = Int(String(decoding: lines[0], as: UTF8.self).split(separator: " ")[1]) ?? 0
        let headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            return (
                name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                value: Array(line[colon...].dropFirst().drop { $0 == 0x20 })
            )
        }
        return Answer(status: status, headers: headers, body: [])
    }
}
