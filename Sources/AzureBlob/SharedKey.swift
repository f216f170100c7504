internal import Digests
internal import HTTPTypes

/// An account's key, ready to sign requests with.
package struct SharedKey: Sendable {
    package let account: String
    private let code: HMACSHA256

    /// Takes the key as the portal gives it out.
    package init(account: String, base64: String) throws(StorageSettingsError) {
        guard let key = Base64.decode(base64), !key.isEmpty else {
            throw StorageSettingsError("AccountKey is not Base64: it may have been cut, or pasted with a line break.")
        }
        self.init(account: account, key: key)
    }

    init(account: String, key: [UInt8]) {
        self.account = account
        self.code = HMACSHA256(key: key)
    }

    /// The value of the Authorization header for a request that is complete but for it.
    func authorization(for request: StorageRequest) -> String {
        "SharedKey \(account):\(code.authenticate(stringToSign(for: request)).base64)"
    }

    /// What the service computes the same code of ("Authorize with Shared Key", Blob service).
    ///
    /// Lines of headers that are never sent here are empty, Date among them, since `x-ms-date` is sent.
    /// - Parameter request: its service fields are sorted.
    func stringToSign(for request: StorageRequest) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(1024)
        func line(_ value: String?) {
            if let value {
                text.append(contentsOf: value.utf8)
            }
            text.append(UInt8(ascii: "\n"))
        }
        line(request.method.rawValue)
        line(nil)  // Content-Encoding
        line(nil)  // Content-Language
        line(request.contentLength == 0 ? nil : String(request.contentLength))
        line(request.contentMD5)
        line(request.contentType)
        line(nil)  // Date
        line(nil)  // If-Modified-Since
        line(request.ifMatch)
        line(request.ifNoneMatch)
        line(nil)  // If-Unmodified-Since
        line(nil)  // Range
        for field in request.serviceFields {
            text.append(contentsOf: field.name.canonicalName.utf8)
            text.append(UInt8(ascii: ":"))
            field.withUnsafeBytesOfValue { text.append(contentsOf: $0) }
            text.append(UInt8(ascii: "\n"))
        }
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: account.utf8)
        text.append(contentsOf: request.path.utf8)
        for item in request.query {
            text.append(UInt8(ascii: "\n"))
            text.append(contentsOf: item.name.utf8)
            text.append(UInt8(ascii: ":"))
            text.append(contentsOf: item.value.utf8)
        }
        return text
    }
}

extension SharedKey {
    /// The account of every emulator.
    static let developmentAccount = "devstoreaccount1"

    /// The key that every emulator knows; it is published and protects nothing.
    static let development = SharedKey(
        account: developmentAccount,
        key: Base64.decode(
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
        )!
    )
}

extension SharedKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "account key of \(account)" }

    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
