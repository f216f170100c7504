internal import Transfer

/// A storage account and the right to use it, as one text of `Name=value` pairs.
///
/// Names are read in any case; a value goes from the first `=` to the next `;`; settings of the other services of an
/// account, and names that are not known, are passed over.
package struct ConnectionString: Sendable {
    package let endpoint: StorageEndpoint
    package let credential: Credential

    /// Reads every form that the portal and the emulators give out.
    package init(_ text: String) throws(StorageSettingsError) {
        let values = try Self.split(text)
        switch values["usedevelopmentstorage"]?.lowercased() {
        case "true":
            (endpoint, credential) = try Self.development(values)
        case nil, "false":
            endpoint = try Self.endpoint(values)
            credential = try Self.credential(values)
        default:
            throw StorageSettingsError("UseDevelopmentStorage is neither true nor false.")
        }
    }

    /// The names whose values mean something here; any other is kept out of messages, since it may be half a secret.
    private static let names = [
        "AccountKey", "AccountName", "BlobEndpoint", "DefaultEndpointsProtocol", "DevelopmentStorageProxyUri",
        "EndpointSuffix", "SharedAccessSignature", "UseDevelopmentStorage",
    ]

    private static func split(_ text: String) throws(StorageSettingsError) -> [String: String] {
        let text = trimmed(Substring(text))
        if text.isEmpty {
            throw StorageSettingsError("The connection string is empty.")
        }
        if text.hasPrefix("\"") || text.hasPrefix("'") {
            throw StorageSettingsError("The connection string starts with a quotation mark: give it without quotes.")
        }
        var values: [String: String] = [:]
        for (index, part) in text.split(separator: ";", omittingEmptySubsequences: false).enumerated() {
            let part = trimmed(part)
            if part.isEmpty { continue }
            guard let equals = part.firstIndex(of: "="), equals != part.startIndex else {
                throw StorageSettingsError("Part \(index + 1) of the connection string is not of the form Name=value.")
            }
            let name = trimmed(part[..<equals]).lowercased()
            let value = trimmed(part[part.index(after: equals)...])
            guard let known = names.first(where: { $0.lowercased() == name }) else { continue }
            if values[name] != nil {
                throw StorageSettingsError("\(known) is given twice.")
            }
            if value.isEmpty {
                throw StorageSettingsError("\(known) has no value.")
            }
            values[name] = String(value)
        }
        return values
    }

    private static func endpoint(_ values: [String: String]) throws(StorageSettingsError) -> StorageEndpoint {
        let accountName = values["accountname"]
        if let blobEndpoint = values["blobendpoint"] {
            do {
                return try StorageEndpoint(blobEndpoint: blobEndpoint, accountName: accountName)
            } catch {
                throw StorageSettingsError("BlobEndpoint: \(error.message)")
            }
        }
        guard let accountName else {
            throw StorageSettingsError("The connection string has neither AccountName nor BlobEndpoint.")
        }
        let isAccount = accountName.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        guard (3...24).contains(accountName.utf8.count), isAccount else {
            throw StorageSettingsError("AccountName is not made of 3 to 24 lower-case letters and digits.")
        }
        let scheme = values["defaultendpointsprotocol"] ?? "https"
        guard let scheme = StorageEndpoint.Scheme(rawValue: scheme.lowercased()) else {
            throw StorageSettingsError("DefaultEndpointsProtocol is neither https nor http.")
        }
        let suffix = values["endpointsuffix"] ?? "core.windows.net"
        guard suffix.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) }), !suffix.hasPrefix(".") else {
            throw StorageSettingsError("EndpointSuffix is not a domain name such as core.windows.net.")
        }
        return StorageEndpoint(scheme: scheme, authority: "\(accountName).blob.\(suffix)", accountName: accountName)
    }

    private static func credential(_ values: [String: String]) throws(StorageSettingsError) -> Credential {
        switch (values["accountkey"], values["sharedaccesssignature"]) {
        case (.some, .some):
            throw StorageSettingsError("Both AccountKey and SharedAccessSignature are given; one of them is needed.")
        case (nil, nil):
            throw StorageSettingsError("The connection string has neither AccountKey nor SharedAccessSignature.")
        case (let key?, nil):
            guard let accountName = values["accountname"] else {
                throw StorageSettingsError("The connection string has an AccountKey but no AccountName.")
            }
            return .sharedKey(try SharedKey(account: accountName, base64: key))
        case (nil, let token?):
            do {
                return .sharedAccessSignature(try SharedAccessSignature(token))
            } catch {
                throw StorageSettingsError("SharedAccessSignature: \(error.message)")
            }
        }
    }

    private static func development(
        _ values: [String: String]
    ) throws(StorageSettingsError) -> (StorageEndpoint, Credential) {
        let others = Set(values.keys).subtracting(["usedevelopmentstorage", "developmentstorageproxyuri"])
        if let other = names.first(where: { others.contains($0.lowercased()) }) {
            throw StorageSettingsError("UseDevelopmentStorage=true stands alone, but \(other) is given too.")
        }
        var scheme = StorageEndpoint.Scheme.http
        var host = "127.0.0.1"
        if let proxy = values["developmentstorageproxyuri"] {
            do {
                let url = try StorageEndpoint.parse(proxy)
                (scheme, host) = (url.isSecure ? .https : .http, url.host)
            } catch {
                throw StorageSettingsError("DevelopmentStorageProxyUri: \(error.message)")
            }
        }
        let endpoint = StorageEndpoint(
            scheme: scheme,
            authority: "\(host):10000",
            basePath: "/\(SharedKey.developmentAccount)",
            accountName: SharedKey.developmentAccount
        )
        return (endpoint, .sharedKey(.development))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
