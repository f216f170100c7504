import Curl

/// The fields of a head whose lines the input is; empty lines, which would end it, are left out.
func responseFields(of input: [UInt8]) -> ResponseFields {
    var reader = ResponseHeadReader()
    for line in [Array("HTTP/1.1 200 OK".utf8)[...]] + input.lines {
        let isEmpty = line.allSatisfy { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
        if !isEmpty { _ = line.withUnsafeBytes { reader.add(line: $0) } }
    }
    return [UInt8(ascii: "\n")].withUnsafeBytes { reader.add(line: $0) }?.headerFields ?? [:]
}
