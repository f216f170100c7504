import Transfer

/// Collects every secret that is read, and those of its parts that are secret by themselves.
struct SecretParts {
    private(set) var all: [Secret] = []

    /// Adds a secret.
    /// - Returns: the same.
    mutating func add(_ secret: Secret?) -> Secret? {
        guard let secret else { return nil }
        let text = secret.exposed
        let lines = text.split(whereSeparator: \.isNewline)
        if lines.count == 1 {
            all.append(secret)
        } else {
            // The short last line of a key tells nothing.
            all += lines.filter { $0.utf8.count >= 32 && !$0.hasPrefix("-----") }.map { Secret(String($0)) }
        }
        return secret
    }

    /// Adds a connection string: the account's key and the signature are secret by themselves.
    mutating func addConnectionString(_ secret: Secret?) -> Secret? {
        for pair in secret?.exposed.split(separator: ";") ?? [] {
            let (name, value) = Self.nameAndValue(pair)
            switch name.lowercased().filter({ $0 != " " }) {
            case "accountkey": all.append(Secret(value))
            case "sharedaccesssignature": _ = addSignature(Secret(value))
            default: break
            }
        }
        return add(secret)
    }

    /// Adds a shared access signature: its `sig` is what makes it one.
    mutating func addSignature(_ secret: Secret?) -> Secret? {
        for pair in secret?.exposed.split(whereSeparator: { $0 == "&" || $0 == "?" }) ?? [] {
            let (name, value) = Self.nameAndValue(pair)
            guard name == "sig" else { continue }
            all.append(Secret(value))
            all.append(Secret(PercentEncoding.decode(value)))
        }
        return add(secret)
    }

    /// Adds a URL: the password before its `@` is secret by itself.
    mutating func addURL(_ secret: Secret?) -> Secret? {
        if let text = secret?.exposed, let at = text.lastIndex(of: "@") {
            let user = text[..<at].split(separator: "/").last ?? ""
            if let colon = user.firstIndex(of: ":") {
                let password = String(user[user.index(after: colon)...])
                all.append(Secret(password))
                all.append(Secret(PercentEncoding.decode(password)))
            }
            return add(secret)
        }
        return secret
    }

    private static func nameAndValue(_ pair: Substring) -> (name: String, value: String) {
        let name = pair.prefix { $0 != "=" }
        return (String(name), String(pair.dropFirst(name.count + 1)))
    }
}
