package import Curl
package import Transfer

extension MessageAttributes {
    /// The `Mex-` headers of a response. Bytes above 127 come raw, as UTF-8 or as Latin-1.
    package init(_ fields: ResponseFields) {
        self.init()
        values.reserveCapacity(24)
        fields.forEach(prefix: "mex-") { name, value in
            values[String(decoding: name, as: UTF8.self)] =
                String(validating: value, as: UTF8.self) ?? String(decoding: value.map(UInt16.init), as: UTF16.self)
        }
    }
}
