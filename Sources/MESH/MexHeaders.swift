package import HTTPTypes
package import Transfer

extension MessageAttributes {
    /// The `Mex-` headers of a response. Bytes above 127 come raw, as UTF-8 or as Latin-1.
    package init(_ fields: HTTPFields) {
        self.init()
        for field in fields {
            let name = field.name.canonicalName
            guard name.hasPrefix("mex-") else { continue }
            values[String(name.dropFirst(4))] = field.withUnsafeBytesOfValue { bytes in
                String(validating: bytes, as: UTF8.self) ?? String(decoding: bytes.map(UInt16.init), as: UTF16.self)
            }
        }
    }
}
