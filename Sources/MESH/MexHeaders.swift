package import Curl
package import Transfer

/// The `Mex-` headers of a response.
package struct MexHeaders: Sendable {
    package private(set) var attributes = MessageAttributes()
    /// A header that decides about the message and that came with two different values, by its name without `mex-`.
    package private(set) var contradictoryName: String?

    /// Headers on which it depends what a response is; each has one value.
    private static let decisive: Set<String> = ["messageid", "chunk-range", "total-chunks", "messagetype"]
    /// Names that have a hyphen. Any other one with hyphens is a variant of the name without: `Mex-Local-ID`.
    private static let hyphenated: Set<String> = [
        "chunk-range", "total-chunks", "content-compressed", "content-encrypted", "content-checksum", "content-type",
    ]

    /// Reads the headers; of several that mean the same the first is kept. Bytes above 127 come raw, as UTF-8 or as Latin-1.
    package init(_ fields: ResponseFields) {
        attributes.values.reserveCapacity(24)
        fields.forEach(prefix: "mex-") { name, value in
            let name = Self.name(name)
            let text = Self.text(value)
            guard let known = attributes.values[name] else {
                attributes.values[name] = text
                return
            }
            if known != text && Self.decisive.contains(name) { contradictoryName = contradictoryName ?? name }
        }
    }

    private static func name(_ bytes: UnsafeRawBufferPointer) -> String {
        let hyphen = UInt8(ascii: "-")
        let name = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(hyphen), !hyphenated.contains(name) else { return name }
        return String(decoding: bytes.filter { $0 != hyphen }, as: UTF8.self)
    }

    private static func text(_ value: UnsafeRawBufferPointer) -> String {
        // The decoder that takes everything is many times faster than the one that refuses.
        if value.allSatisfy({ $0 < 0x80 }) { return String(decoding: value, as: UTF8.self) }
        return String(validating: value, as: UTF8.self) ?? String(decoding: value.map(UInt16.init), as: UTF16.self)
    }
}
