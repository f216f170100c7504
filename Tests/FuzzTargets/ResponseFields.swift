import Curl

/// The fields of a head whose lines the input is; empty lines, which would end it, are left out. A head that is refused has none.
func responseFields(of input: [UInt8]) -> ResponseFields {
    var reader = ResponseHeadReader()
    do {
        for line in [Array("HTTP/1.1 200 OK".utf8)[...]] + input.lines {
            let isEmpty = line.allSatisfy { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
            if !isEmpty { _ = try line.withUnsafeBytes { try reader.add(line: $0) } }
        }
        return try [UInt8(ascii: "\n")].withUnsafeBytes { try reader.add(line: $0) }?.headerFields ?? [:]
    } catch {
        return [:]
    }
}
