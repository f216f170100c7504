internal import Transfer

/// Where the Blob service of one account answers.
package struct StorageEndpoint: Sendable, Equatable {
    package enum Scheme: String, Sendable {
        case http
        case https
    }

    package let scheme: Scheme
    /// Host and port, without user information.
    package let authority: String
    /// What comes before the container in every path: empty, or `/devstoreaccount1` of an emulator; no `/` at its end.
    package let basePath: String
    /// The name that requests are signed for.
    package let accountName: String

    /// Whether requests stay on this machine.
    package var isLoopback: Bool {
        ServiceURL("\(scheme)://\(authority)")?.isLoopback == true
    }

    /// An account's own URL, such as `https://ACCOUNT.blob.core.windows.net`.
    /// - Throws: when it is no such URL, or carries more than an account: a container, a query, a password.
    package init(accountURL text: String) throws(StorageSettingsError) {
        let url = try Self.parse(text)
        if url.host.contains(".blob."), !url.path.isEmpty {
            throw StorageSettingsError(
                "The account URL has the path \(url.path): give the URL of the account alone, such as "
                    + "\(url.scheme)://\(url.authority), and the container by its own setting."
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

    private init(_ url: ServiceURL, accountName: String?) {
        let pathAccount = url.path.split(separator: "/").last.map(String.init)
        let hostAccount = String(url.host.prefix { $0 != "." })
        self.init(
            scheme: url.isSecure ? .https : .http,
            authority: url.authority,
            basePath: url.path,
            accountName: accountName ?? pathAccount ?? hostAccount
        )
    }

    /// Reads a URL, and says what is wrong with one in the ways that account URLs usually are.
    static func parse(_ text: String) throws(StorageSettingsError) -> ServiceURL {
        guard let separator = text.firstRange(of: "://") else {
            throw StorageSettingsError("The URL has no scheme: it starts with https:// or http://.")
        }
        guard Scheme(rawValue: text[..<separator.lowerBound].lowercased()) != nil else {
            throw StorageSettingsError("The URL's scheme is neither https nor http.")
        }
        let rest = text[separator.upperBound...]
        if rest.contains("?") {
            throw StorageSettingsError("The URL has a query: a shared access signature goes into its own setting.")
        }
        if rest.contains("#") {
            throw StorageSettingsError("The URL has a fragment (#).")
        }
        if rest.prefix(while: { $0 != "/" }).contains("@") {
            throw StorageSettingsError("The URL has user information (@), which storage does not use.")
        }
        guard let url = ServiceURL(text) else {
            throw StorageSettingsError(
                "The URL has no host, or a host, a port or a path with characters that do not belong there."
            )
        }
        if url.host.contains(".dfs.") {
            throw StorageSettingsError("The URL names the Data Lake endpoint (.dfs.); give the Blob endpoint (.blob.).")
        }
        return url
    }
}
