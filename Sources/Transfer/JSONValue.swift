/// A value of JSON text, as RFC 8259 has it.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// As it was written: what a number can't hold is for its reader to say.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Of members with the same name the last one counts.
    case object([String: JSONValue])

    /// Reads one value in UTF-8, with white space around it alone.
    /// - Returns: `nil` for anything else, and for arrays and objects more than 64 deep.
    package init?(_ text: [UInt8]) {
        var parser = JSONParser(text)
        guard let value = parser.document() else { return nil }
        self = value
    }

    /// The member of an object; `nil` where there is none, or no object, or the member is `null`.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
        return value
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A number without fraction and exponent.
    package var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    package var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// An array of nothing but strings.
    package var strings: [String]? {
        guard let array else { return nil }
        var strings: [String] = []
        strings.reserveCapacity(array.count)
        for value in array {
            guard case .string(let text) = value else { return nil }
            strings.append(text)
        }
        return strings
    }

    /// An object of nothing but strings.
    package var stringMembers: [String: String]? {
        guard case .object(let members) = self else { return nil }
        var strings: [String: String] = [:]
        for (name, value) in members {
            guard case .string(let text) = value else { return nil }
            strings[name] = text
        }
        return strings
    }
}
