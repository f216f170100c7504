internal import COpenSSL

/// The digests that the servers verify with, straight from libcrypto: independent of the code under test.
enum Digest {
    case md5
    case sha256

    private var algorithm: OpaquePointer? {
        switch self {
        case .md5: EVP_md5()
        case .sha256: EVP_sha256()
        }
    }

    /// The digest of bytes that lie in memory.
    func of(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { source in of(parts: CollectionOfOne(source)) }
    }

    /// The digest of several pieces of memory, one after the other.
    func of(parts: some Sequence<UnsafeRawBufferPointer>) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { fatalError("no memory for a digest") }
        defer { EVP_MD_CTX_free(context) }
        precondition(EVP_DigestInit_ex(context, algorithm, nil) == 1)
        for part in parts where part.count > 0 {
            precondition(EVP_DigestUpdate(context, part.baseAddress, part.count) == 1)
        }
        return [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            precondition(EVP_DigestFinal_ex(context, buffer.baseAddress, &length) == 1)
            count = Int(length)
        }
    }

    /// HMAC-SHA256 (RFC 2104).
    static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            var length: UInt32 = 0
            HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, buffer.baseAddress, &length)
            count = Int(length)
        }
    }
}

/// Lower-case hexadecimal digits.
func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = [UInt8](unsafeUninitializedCapacity: bytes.count / 3 * 4 + 5) { buffer, count in
            count = Int(EVP_EncodeBlock(buffer.baseAddress, bytes, Int32(bytes.count)))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes text that is base64 to the last character, else gives nil.
    static func decode(_ text: String) -> [UInt8]? {
        let source = Array(text.utf8)
        guard source.count % 4 == 0 else { return nil }
        if source.isEmpty { return [] }
        let padding = source.last == UInt8(ascii: "=") ? (source[source.count - 2] == UInt8(ascii: "=") ? 2 : 1) : 0
        guard source.dropLast(padding).allSatisfy(isDigit) else { return nil }
        let decoded = [UInt8](unsafeUninitializedCapacity: source.count / 4 * 3) { buffer, count in
            count = max(0, Int(EVP_DecodeBlock(buffer.baseAddress, source, Int32(source.count))))
        }
        guard decoded.count == source.count / 4 * 3 else { return nil }
        return Array(decoded.dropLast(padding))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default:
            false
        }
    }
}
