internal import Glibc

/// The address of a service: `http` or `https`, a host, perhaps a port and a path, and nothing else.
package struct ServiceURL: Sendable, Equatable {
    /// Whether it is `https`.
    package let isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address in brackets, in lower case.
    package let host: String
    package let port: Int?
    /// Empty, or a path that starts with `/` and does not end with one.
    package let path: String

    package var scheme: String { isSecure ? "https" : "http" }

    /// Host and port as a URL has them.
    package var authority: String {
        port.map { "\(host):\($0)" } ?? host
    }

    /// Whether the host is this machine, whatever names are resolved to: `localhost` and below, 127.0.0.0/8 and `::1`.
    package var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") {
            return true
        }
        if host.hasPrefix("[") {
            var address = in6_addr()
            guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else { return false }
            return withUnsafeBytes(of: address) { bytes in
                let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
                return bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1 || isMapped && bytes[12] == 127
            }
        }
        var address = in_addr()
        guard inet_pton(AF_INET, host, &address) == 1 else { return false }
        return withUnsafeBytes(of: address) { $0[0] == 127 }
    }

    /// Reads an address.
    /// - Returns: `nil` for anything else, also where it has a user, a query or a fragment.
    package init?(_ text: String) {
        let scheme = text.prefix { $0 != ":" }
        switch scheme.lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: return nil
        }
        let mark = "://"
        guard text[scheme.endIndex...].hasPrefix(mark) else { return nil }
        let rest = text[scheme.endIndex...].dropFirst(mark.count)
        let authority = rest.prefix { $0 != "/" }
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        self.host = host
        self.port = port
        var path = rest.dropFirst(authority.count)
        if path.hasSuffix("/") {
            path = path.dropLast()
        }
        guard Self.isPath(path) else { return nil }
        self.path = String(path)
    }

    private static func hostAndPort(_ authority: Substring) -> (String, Int?)? {
        let host: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            var address = in6_addr()
            guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(isHostByte) else { return nil }
        }
        let rest = authority[host.endIndex...]
        guard !rest.isEmpty else { return (host.lowercased(), nil) }
        let digits = rest.dropFirst()
        guard
            rest.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { return nil }
        return (host.lowercased(), port)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) && byte != UInt8(ascii: "~")
    }

    /// `path-abempty` of RFC 3986, section 3.3, without empty segments.
    private static func isPath(_ path: Substring) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard segments.allSatisfy({ !$0.isEmpty }) else { return false }
        let marks = Array("-._~!$&'()*+,;=:@%/".utf8)
        return path.utf8.allSatisfy { PercentEncoding.isLetterOrDigit($0) || marks.contains($0) }
    }
}

extension ServiceURL: CustomStringConvertible {
    package var description: String { "\(scheme)://\(authority)\(path)" }
}
