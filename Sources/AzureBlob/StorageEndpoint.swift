internal import Transfer

/// Where the Blob service of one account answers.
package struct StorageEndpoint: Sendable, Equatable {
    package enum Scheme: String, Sendable {
        case http
        case https
    }

    package let scheme: Scheme
    /// Host and port as in the URL, without user information.
    package let authority: String
    /// What comes before the container in every path: empty, or `/devstoreaccount1` of an emulator; no `/` at its end.
    package let basePath: String
    /// The name that requests are signed for.
    package let accountName: String

    /// The authority without its port; an IPv6 address keeps its brackets.
    package var host: String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        return String(authority.prefix { $0 != ":" })
    }

    /// Whether requests stay on this machine.
    package var isLoopback: Bool {
        let host = host.lowercased()
        return host == "localhost" || host == "[::1]"
            || (host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isWholeNumber })
    }

    /// An account's own URL, such as `https://ACCOUNT.blob.core.windows.net`.
    /// - Throws: when it is no such URL, or carries more than an account: a container, a query, a password.
    package init(accountURL text: String) throws(StorageSettingsError) {
        let url = try Self.parse(text)
        if url.host.contains(".blob."), !url.path.isEmpty {
            throw StorageSettingsError(
                "The account URL has the path \(url.path): give the URL of the account alone, such as "
                    + "\(url.scheme.rawValue)://\(url.authority), and the container by its own setting."
            )
        }
        self.init(url, accountName: nil)
    }

    /// The `BlobEndpoint` of a connection string, which may carry any path.
    init(blobEndpoint text: String, accountName: String?) throws(StorageSettingsError) {
        self.init(try Self.parse(text), accountName: accountName)
    }

    init(scheme: Scheme, authority: String, basePath: String = "", accountName: String) {
        self.scheme = scheme
        self.authority = authority
        self.basePath = basePath
        self.accountName = accountName
    }

    private init(_ url: URLParts, accountName: String?) {
        let pathAccount = url.path.split(separator: "/").last.map(String.init)
        let hostAccount = String(url.host.prefix { $0 != "." })
        self.init(
            scheme: url.scheme,
            authority: url.authority,
            basePath: url.path,
            accountName: accountName ?? pathAccount ?? hostAccount
        )
    }
}

extension StorageEndpoint {
    private struct URLParts {
        var scheme: Scheme
        var authority: String
        var host: String
        var path: String
    }

    private static func parse(_ text: String) throws(StorageSettingsError) -> URLParts {
        guard let separator = text.firstIndex(of: ":"), text[separator...].hasPrefix("://") else {
            throw StorageSettingsError("The URL has no scheme: it starts with https:// or http://.")
        }
        guard let scheme = Scheme(rawValue: text[..<separator].lowercased()) else {
            throw StorageSettingsError("The URL's scheme is neither https nor http.")
        }
        let rest = text[text.index(separator, offsetBy: 3)...]
        if rest.contains("?") {
            throw StorageSettingsError("The URL has a query: a shared access signature goes into its own setting.")
        }
        if rest.contains("#") {
            throw StorageSettingsError("The URL has a fragment (#).")
        }
        let authority = rest.prefix { $0 != "/" }
        if authority.contains("@") {
            throw StorageSettingsError("The URL has user information (@), which storage does not use.")
        }
        let host = try host(of: authority)
        var path = rest[authority.endIndex...]
        while path.last == "/" {
            path.removeLast()
        }
        guard path.utf8.allSatisfy({ PercentEncoding.isKeptInPath($0) || $0 == UInt8(ascii: "%") }) else {
            throw StorageSettingsError("The URL's path has characters that need percent-encoding.")
        }
        if host.contains(".dfs.") {
            throw StorageSettingsError("The URL names the Data Lake endpoint (.dfs.); give the Blob endpoint (.blob.).")
        }
        return URLParts(scheme: scheme, authority: String(authority), host: host, path: String(path))
    }

    private static func host(of authority: Substring) throws(StorageSettingsError) -> String {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else {
                throw StorageSettingsError("The URL's IPv6 address has no closing bracket.")
            }
            host = authority[...end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw StorageSettingsError("The URL's host is malformed.")
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        if let port {
            guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
                (1...65535).contains(number)
            else {
                throw StorageSettingsError("The URL's port is not a number from 1 to 65535.")
            }
        }
        let isBracketed = host.hasPrefix("[")
        let isHost = host.utf8.allSatisfy { byte in
            PercentEncoding.isUnreserved(byte) || (isBracketed && ":[]".utf8.contains(byte))
        }
        guard !host.isEmpty, isHost else {
            throw StorageSettingsError("The URL has no host, or one with characters that no host name has.")
        }
        return host.lowercased()
    }
}
