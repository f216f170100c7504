internal import Digests

/// Makes the ids that requests are found by in the service's logs: the same for all attempts of one operation, and not
/// the same in any other run.
struct RequestIDs: Sendable {
    private let run: [UInt8]

    /// - Parameter random: 8 bytes that no other run has.
    init(random: [UInt8]) {
        precondition(random.count == 8)
        run = Array(Hex.encode(random).utf8)
    }

    /// An id in the shape of a random UUID (RFC 9562, version 4): 60 bits of the run, 60 of the operation.
    subscript(operation: UInt64) -> String {
        String(unsafeUninitializedCapacity: 36) { text in
            var length = 0
            func put(_ byte: UInt8) {
                text[length] = byte
                length += 1
            }
            func putOperation(from first: UInt64, digits: UInt64) {
                for place in 0..<digits {
                    let digit = UInt8(operation >> ((first - place) * 4) & 0xf)
                    put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                }
            }
            run[0..<8].forEach(put)
            put(UInt8(ascii: "-"))
            run[8..<12].forEach(put)
            put(UInt8(ascii: "-"))
            put(UInt8(ascii: "4"))
            run[12..<15].forEach(put)
            put(UInt8(ascii: "-"))
            put(UInt8(ascii: "8"))
            putOperation(from: 14, digits: 3)
            put(UInt8(ascii: "-"))
            putOperation(from: 11, digits: 12)
            return length
        }
    }
}
