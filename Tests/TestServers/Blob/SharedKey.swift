/// The signature that a client makes with the account's key.
/// <https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key>
enum SharedKey {
    private static let headers = [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ]

    static func verify(_ call: BlobCall, authorization: String, account: String, key: [UInt8]) throws(BlobError) {
        let parts = authorization.dropFirst("SharedKey ".count).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw .authentication("The Authorization header is not SharedKey account:signature.")
        }
        guard parts[0] == account else { throw .authentication("The account \(parts[0]) is not known here.") }
        let text = stringToSign(call, account: account)
        guard String(parts[1]) == Base64.encode(Digest.hmacSHA256(key: key, utf8(text))) else {
            throw .authentication(
                "The MAC signature found in the HTTP request '\(parts[1])' is not the same as any computed signature. "
                    + "Server used following string to sign: '\(text)'."
            )
        }
    }

    static func stringToSign(_ call: BlobCall, account: String) -> String {
        var text = call.request.method + "\n"
        let hasOwnDate = call.header("x-ms-date") != nil
        for name in headers {
            let value = call.header(name) ?? ""
            let isEmpty = (name == "Content-Length" && value == "0") || (name == "Date" && hasOwnDate)
            text += (isEmpty ? "" : value) + "\n"
        }
        let own = call.request.headers.fields.compactMap { field in
            field.key.hasPrefix("x-ms-") ? (order: HeaderOrder(field.key), field: field) : nil
        }
        for (_, field) in own.sorted(by: { $0.order < $1.order }) {
            text += field.key + ":" + field.text + "\n"
        }
        text += "/" + account + call.request.path
        var values: [String: [String]] = [:]
        for (name, value) in call.query { values[name, default: []].append(value) }
        for name in values.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            text += "\n" + name + ":" + values[name]!.sorted().joined(separator: ",")
        }
        return text
    }
}
