package import Curl
package import Transfer

extension MessageAttributes {
    /// The `Mex-` headers of a response. Bytes above 127 come raw, as UTF-8 or as Latin-1.
    package init(_ fields: ResponseFields) {
        self.init()
        values.reserveCapacity(24)
        fields.forEach(prefix: "mex-") { name, value in
            values[String(decoding: name, as: UTF8.self)] = Self.text(value)
        }
    }

    private static func text(_ value: UnsafeRawBufferPointer) -> String {
        // The decoder that takes everything is many times faster than the one that refuses.
        if value.allSatisfy({ $0 < 0x80 }) { return String(decoding: value, as: UTF8.self) }
        return String(validating: value, as: UTF8.self) ?? String(decoding: value.map(UInt16.init), as: UTF16.self)
    }
}
