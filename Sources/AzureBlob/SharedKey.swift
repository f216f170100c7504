internal import Digests
internal import HTTPTypes

/// An account's key, ready to sign requests with.
package struct SharedKey: Sendable {
    package let account: String
    private let code: HMACSHA256

    /// Takes the key as the portal gives it out.
    package init(account: String, base64: String) throws(StorageSettingsError) {
        guard let key = Base64.decode(base64), !key.isEmpty else {
            throw StorageSettingsError("AccountKey is not Base64: was it cut, or pasted with a line break?")
        }
        self.init(account: account, key: key)
    }

    init(account: String, key: [UInt8]) {
        self.account = account
        self.code = HMACSHA256(key: key)
    }

    /// The value of the Authorization header for a request that is complete but for it.
    func authorization(for request: StorageRequest, fields: HTTPFields) -> String {
        let text = stringToSign(for: request, fields: fields)
        return "SharedKey \(account):\(code.authenticate(text).base64)"
    }

    /// What the service computes the same code of ("Authorize with Shared Key", Blob service).
    func stringToSign(for request: StorageRequest, fields: HTTPFields) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(1024)
        func line(_ value: some StringProtocol) {
            text.append(contentsOf: value.utf8)
            text.append(UInt8(ascii: "\n"))
        }
        line(request.method.rawValue)
        for name in Self.signedFields {
            if name == .contentLength {
                line(request.contentLength == 0 ? "" : String(request.contentLength))
            } else {
                line(fields[name] ?? "")
            }
        }
        let serviceFields = fields.filter { $0.name.canonicalName.hasPrefix("x-ms-") }
        for field in serviceFields.sorted(by: { $0.name.canonicalName < $1.name.canonicalName }) {
            text.append(contentsOf: field.name.canonicalName.utf8)
            text.append(UInt8(ascii: ":"))
            line(field.value)
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

    /// The standard headers that are signed, in the order of the signature; Date is empty since `x-ms-date` is sent.
    private static let signedFields: [HTTPField.Name] = [
        .contentEncoding, .contentLanguage, .contentLength, .contentMD5, .contentType, .date,
        .ifModifiedSince, .ifMatch, .ifNoneMatch, .ifUnmodifiedSince, .range,
    ]
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
