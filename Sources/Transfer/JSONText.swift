/// Strings of JSON, written without a model of the document.
package enum JSONText {
    /// A JSON string (RFC 8259, section 7).
    package static func append(_ text: String, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                json.append(UInt8(ascii: "\\"))
                json.append(byte)
            case 0..<0x20:
                json.append(contentsOf: "\\u00".utf8)
                json.append(contentsOf: (byte < 16 ? "0" : "").utf8)
                json.append(contentsOf: String(byte, radix: 16).utf8)
            default:
                json.append(byte)
            }
        }
        json.append(UInt8(ascii: "\""))
    }
}
