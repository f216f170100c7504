/// A shared access signature in a query: an account SAS (`ss`, `srt`) or a service SAS (`sr`).
///
/// Versions from 2018-11-09 on.
/// <https://learn.microsoft.com/rest/api/storageservices/create-account-sas>
/// <https://learn.microsoft.com/rest/api/storageservices/create-service-sas>
struct SharedAccessSignature {
    private let call: BlobCall
    private let version: String

    init(_ call: BlobCall) throws(BlobError) {
        self.call = call
        guard let version = call[query: "sv"] else { throw .authentication("sv is mandatory. Cannot be empty") }
        guard version >= "2018-11-09", BlobVersions.known.contains(version) else {
            throw .authentication("sv is not a version that is accepted here: \(version)")
        }
        self.version = version
    }

    private var isAccount: Bool { call[query: "ss"] != nil || call[query: "srt"] != nil }

    /// Checks signature, times, protocol, and address.
    func verify(account: String, key: [UInt8]) throws(BlobError) {
        let text = isAccount ? accountText(account) : try serviceText(account)
        let signature = call[query: "sig"] ?? ""
        guard signature == Base64.encode(Digest.hmacSHA256(key: key, utf8(text))) else {
            throw .authentication("Signature did not match. String to sign used was \(text)")
        }
        guard let end = call[query: "se"].flatMap(Timestamp.parseISO) else {
            throw .authentication("Signature not valid in the specified time frame: se is missing or malformed")
        }
        let start = call[query: "st"].flatMap(Timestamp.parseISO)
        guard call.now < end, call.now >= start ?? 0, (call[query: "st"] ?? "").isEmpty || start != nil else {
            throw .authentication(
                "Signature not valid in the specified time frame: Start [\(call[query: "st"] ?? "")] - "
                    + "Expiry [\(call[query: "se"] ?? "")] - Current [\(Timestamp.iso(call.now))]"
            )
        }
        if let allowed = call[query: "spr"], !allowed.split(separator: ",").contains("http") {
            throw BlobError(403, "AuthorizationProtocolMismatch", "This request is not authorized by protocol http.")
        }
        if let address = call[query: "sip"], !Self.includesLoopback(address) {
            throw BlobError(403, "AuthorizationSourceIPMismatch", "This request is not authorized from this address.")
        }
    }

    /// Checks what the signature allows.
    func authorize(_ operation: BlobOperation, blobExists: Bool) throws(BlobError) {
        if isAccount {
            guard (call[query: "ss"] ?? "").contains("b") else {
                throw BlobError(403, "AuthorizationServiceMismatch", "The signature is not for the Blob service.")
            }
            guard (call[query: "srt"] ?? "").contains(operation.resourceType) else {
                throw BlobError(
                    403,
                    "AuthorizationResourceTypeMismatch",
                    "The signature is not for this type of resource."
                )
            }
        } else {
            let isList = operation == .listBlobs && call[query: "sr"] == "c"
            guard operation.resourceType == "o" || isList else {
                throw BlobError(403, "AuthorizationResourceTypeMismatch", "A service SAS can't do this to a container.")
            }
        }
        let granted = call[query: "sp"] ?? ""
        if operation == .putBlob, blobExists, granted.contains("c"), !granted.contains("w") {
            throw .unauthorizedOverwrite
        }
        guard operation.permissions(blobExists: blobExists).contains(where: { granted.contains($0) }) else {
            throw BlobError(
                403,
                "AuthorizationPermissionMismatch",
                "This request is not authorized to perform this operation using this permission."
            )
        }
    }

    private func accountText(_ account: String) -> String {
        var fields = [account] + values("sp", "ss", "srt", "st", "se", "sip", "spr", "sv")
        if version >= "2020-12-06" { fields += values("ses") }
        return fields.joined(separator: "\n") + "\n"
    }

    private func serviceText(_ account: String) throws(BlobError) -> String {
        var resource = "/blob/\(account)/\(call.container ?? "")"
        switch call[query: "sr"] {
        case "c": break
        case "b": resource += "/\(call.blob ?? "")"
        default: throw .authentication("sr is neither b nor c")
        }
        var fields = values("sp", "st", "se") + [resource] + values("si", "sip", "spr", "sv", "sr") + [""]
        if version >= "2020-12-06" { fields += values("ses") }
        fields += values("rscc", "rscd", "rsce", "rscl", "rsct")
        return fields.joined(separator: "\n")
    }

    private func values(_ names: String...) -> [String] {
        names.map { call[query: $0] ?? "" }
    }

    private static func includesLoopback(_ range: String) -> Bool {
        let ends = range.split(separator: "-").compactMap(number)
        guard let first = ends.first, let last = ends.last, let own = number("127.0.0.1") else { return false }
        return first <= own && own <= last
    }

    private static func number(_ address: some StringProtocol) -> UInt32? {
        let parts = address.split(separator: ".").compactMap { UInt8($0) }
        return parts.count == 4 ? parts.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }
}
