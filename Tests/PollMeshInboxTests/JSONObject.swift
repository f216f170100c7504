import Foundation
import Testing

/// One line of JSON, read by somebody else's parser.
struct JSONObject {
    let values: [String: Any]

    init(_ line: some Sequence<UInt8>) throws {
        let object = try JSONSerialization.jsonObject(with: Data(line))
        values = try #require(object as? [String: Any])
    }

    init(_ line: String) throws {
        try self.init(line.utf8)
    }

    subscript(text name: String) -> String? { values[name] as? String }
    subscript(list name: String) -> [String]? { values[name] as? [String] }

    /// A number, which a truth value is not.
    subscript(number name: String) -> Double? {
        guard let number = values[name] as? NSNumber, !isFlag(number) else { return nil }
        return number.doubleValue
    }

    subscript(flag name: String) -> Bool? {
        guard let number = values[name] as? NSNumber, isFlag(number) else { return nil }
        return number.boolValue
    }

    private func isFlag(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }
}
