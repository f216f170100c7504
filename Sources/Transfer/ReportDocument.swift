/// The content of a report's blob: a JSON object of its `Mex-` headers, sorted by name.
enum ReportDocument {
    static func make(_ attributes: MessageAttributes) -> [UInt8] {
        var json: [UInt8] = Array("{".utf8)
        for (index, name) in attributes.values.keys.sorted().enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            append("mex-\(name)", to: &json)
            json.append(UInt8(ascii: ":"))
            append(attributes.values[name]!, to: &json)
        }
        json.append(contentsOf: "}\n".utf8)
        return json
    }

    /// A JSON string (RFC 8259, section 7).
    private static func append(_ text: String, to json: inout [UInt8]) {
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
