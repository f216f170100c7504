import AzureBlob
import Transfer

extension SettingForm where Value == String {
    /// The id of a mailbox. Those of MESH are letters and digits; nothing here depends on more.
    static var mailboxID: SettingForm {
        SettingForm("a mailbox id: letters, digits, _ and -, at most 64 of them") { text in
            (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isIdentifierByte) ? text : nil
        }
    }

    /// A name that can stand in a token, whose parts are separated by colons.
    static var username: SettingForm {
        SettingForm("a name of printable ASCII characters without : and spaces") { text in
            text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ":") } ? text : nil
        }
    }

    /// The forms that the API's `workflow_filter` takes: `X`, `!X`, `X*`, `!X*`, `*X*`, `!*X*`.
    static var workflowFilter: SettingForm {
        SettingForm("a filter of the form X, !X, X*, !X*, *X* or !*X*") { text in
            var name = text.hasPrefix("!") ? text.dropFirst() : text[...]
            if name.hasPrefix("*") {
                guard name.hasSuffix("*"), name.count > 1 else { return nil }
                name = name.dropFirst()
            }
            if name.hasSuffix("*") {
                name = name.dropLast()
            }
            let isName = name.utf8.allSatisfy { byte in
                (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "*") && byte != UInt8(ascii: "!")
            }
            return !name.isEmpty && isName ? text : nil
        }
    }

    /// What blob names start with: folders, perhaps with the start of a name behind the last `/`.
    static var blobPrefix: SettingForm {
        SettingForm(
            """
            at most 256 printable ASCII characters without \\, no / at its start, no // and no folder that \
            ends with a dot or is .poll-mesh-inbox
            """
        ) { text in
            let isPrintable = text.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }
            guard isPrintable, text.utf8.count <= 256 else { return nil }
            let folders = text.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            let areFoldersFine = folders.allSatisfy { !$0.isEmpty && !$0.hasSuffix(".") }
            return areFoldersFine && folders.first != ".poll-mesh-inbox" ? text : nil
        }
    }

    /// Certificates as text.
    static var certificates: SettingForm {
        pem("PEM text with at least one CERTIFICATE", block: "CERTIFICATE") { $0 }
    }

    private static func isIdentifierByte(_ byte: UInt8) -> Bool {
        PercentEncoding.isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

extension SettingForm where Value == Secret {
    /// A private key as text.
    static var privateKey: SettingForm {
        pem("PEM text with a PRIVATE KEY", block: "PRIVATE KEY", value: Secret.init)
    }
}

extension SettingForm where Value == ContainerName {
    /// The name of a container (Azure: "Naming and referencing containers, blobs, and metadata").
    static var containerName: SettingForm {
        SettingForm("3 to 63 lower-case letters, digits and single hyphens, with a letter or digit first and last") {
            try? ContainerName($0)
        }
    }
}

extension SettingForm where Value == StorageEndpoint {
    /// The URL of a storage account's Blob service.
    static var accountURL: SettingForm {
        SettingForm("the http or https URL of a storage account's Blob service, without user, query or fragment") {
            text in
            do throws(StorageSettingsError) {
                return .success(try StorageEndpoint(accountURL: text))
            } catch {
                return .failure(Mismatch(advice: .reason(error.message), hidesText: mayHoldSecret(url: text)))
            }
        }
    }
}

extension SettingForm where Value == ServiceURL {
    static var serviceURL: SettingForm {
        SettingForm("an http or https URL of a host, perhaps with a port and a path, without user, query or fragment") {
            text in
            if let url = ServiceURL(text) {
                return .success(url)
            }
            return .failure(Mismatch(hidesText: mayHoldSecret(url: text)))
        }
    }
}

extension SettingForm {
    /// Whether a URL has parts that may be a password or a signature.
    fileprivate static func mayHoldSecret(url: String) -> Bool {
        url.contains("@") || url.contains("?")
    }

    /// PEM text that holds a block of the kind, where a file's name or lost line breaks are told from other mistakes.
    fileprivate static func pem(
        _ expected: String,
        block: String,
        value: @escaping @Sendable (String) -> Value
    ) -> SettingForm {
        SettingForm(expected, isQuotable: false, hasLines: true) { text in
            if !text.contains("-----BEGIN ") {
                let isPath =
                    text.utf8.count < 1_024 && !text.contains("\n") && text.contains(where: { $0 == "/" || $0 == "." })
                return .failure(Mismatch(advice: isPath ? .namesFile : nil))
            }
            // A line break is needed after the first line; text from a shell or a .env file may have lost them.
            let lines = text.split(whereSeparator: \.isNewline)
            let begins = lines.contains { $0.hasPrefix("-----BEGIN ") && $0.hasSuffix("\(block)-----") }
            let ends = lines.contains { $0.hasPrefix("-----END ") && $0.hasSuffix("\(block)-----") }
            if begins && ends {
                return .success(value(text))
            }
            return .failure(Mismatch(advice: lines.count < 3 ? .lostLineBreaks : nil))
        }
    }
}
