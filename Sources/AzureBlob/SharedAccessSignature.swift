internal import Transfer

/// A shared access signature (SAS): a query that is appended to requests as it is.
package struct SharedAccessSignature: Sendable {
    /// The query without a leading `?`, never decoded or encoded again. A secret.
    let query: String

    /// When it ends, in the token's own words (`se`), where it says so.
    package let expiry: String?

    /// Takes a token as the portal gives it out, with or without a leading `?`.
    package init(_ token: String) throws(StorageSettingsError) {
        let query = token.hasPrefix("?") ? String(token.dropFirst()) : token
        guard query.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw StorageSettingsError("The token has spaces or other characters that no query has.")
        }
        if query.contains("://") || query.contains("?") {
            throw StorageSettingsError("The token is a whole URL: give only what follows its question mark.")
        }
        var expiry: String?
        var isSigned = false
        for item in query.split(separator: "&") {
            if item.hasPrefix("sig="), item.utf8.count > 4 {
                isSigned = true
            } else if item.hasPrefix("se=") {
                expiry = PercentEncoding.decode(item.dropFirst(3))
            }
        }
        guard isSigned else {
            throw StorageSettingsError(
                "The token has no signature, its pair named sig: it may have been cut at a & or a ;."
            )
        }
        self.query = query
        self.expiry = expiry
    }

    /// When it ends, in seconds since 1970, where the token says so in the usual form.
    package var expirySeconds: Int64? {
        expiry.flatMap { ISODate.seconds($0) }
    }
}

extension SharedAccessSignature: CustomStringConvertible, CustomReflectable {
    package var description: String { "shared access signature" }

    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
