/// The metadata of a request: its x-ms-meta-* fields.
enum BlobMetadata {
    /// - Throws: 400 for names that are no C# identifiers, values that are not ASCII, and more than 8 KiB in all.
    static func read(_ call: BlobCall) throws(BlobError) -> [(name: String, value: String)] {
        var metadata: [(name: String, value: String)] = []
        var size = 0
        for field in call.request.headers.fields where field.key.hasPrefix("x-ms-meta-") {
            let name = String(field.name.dropFirst("x-ms-meta-".count))
            guard !name.isEmpty else {
                throw BlobError(400, "EmptyMetadataKey", "The key for one of the metadata key-value pairs is empty.")
            }
            let isNew = !metadata.contains { $0.name.lowercased() == name.lowercased() }
            guard isNew, isIdentifier(name), field.value.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
                throw BlobError(
                    400,
                    "InvalidMetadata",
                    "The metadata specified is invalid. It has characters that are not permitted."
                )
            }
            size += name.utf8.count + field.value.count
            metadata.append((name, field.text))
        }
        guard size <= 8192 else {
            throw BlobError(
                400,
                "MetadataTooLarge",
                "The size of the specified metadata exceeds the maximum size permitted."
            )
        }
        return metadata
    }

    private static func isIdentifier(_ name: String) -> Bool {
        name.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
            default: false
            }
        }
    }
}
