import Foundation

/// Pieces of JSON that readers stumble over.
let jsonWords = [
    "{", "}", "[", "]", ":", ",", "\"", "null", "true", "0", "-0", "1e400", "9223372036854775808", "\\u0000", "\\ud800",
    "\\", "[[[[[[[[", "{\"a\":", "\u{0}", "é", "\u{feff}",
]

/// Somebody else's reader.
enum JSON {
    static func parse(_ bytes: [UInt8]) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(bytes))
    }
}
