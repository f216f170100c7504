import Transfer

/// What makes an answer that reports success MESH's own (docs/reliability.md has the same as a table).
///
/// The answers are those of the API's version 2: a handshake and an acknowledgement have no body, a listing is an object with
/// `messages`, and everything that belongs to a message says so in its `Mex-` headers.
enum AnswerProof {
    /// Why an answer is not taken for MESH's own.
    struct Flaw {
        var type: String
        /// Goes on after "an answer that ".
        var text: String

        fileprivate static func foreign(_ text: String) -> Flaw {
            Flaw(type: "foreign_answer", text: text)
        }

        fileprivate static func otherMessage(_ text: String) -> Flaw {
            Flaw(type: "other_message", text: text)
        }
    }

    /// What is wrong with an answer to a handshake or an acknowledgement; `nil` if it can be MESH's.
    /// - Parameter id: of the message that was acknowledged.
    static func flaw(inBody body: [UInt8], of operation: Operation, id: MessageID?) -> Flaw? {
        if body.allSatisfy({ $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }) { return nil }
        // Version 1 answers with an object that names what it is about.
        guard let object = JSONValue(body), case .object = object else {
            return .foreign("has a body that is not MESH's")
        }
        guard let id, let named = object["messageId"] else { return nil }
        return named.string.map { isName($0, of: id) } == true ? nil : .otherMessage("names another message")
    }

    /// What is wrong with the headers of a download, likewise.
    /// - Parameters:
    ///   - id: of the message that was asked for.
    ///   - requested: the number of the chunk that was asked for.
    static func flaw(in headers: MexHeaders, of id: MessageID, chunk requested: Int) -> Flaw? {
        if let name = headers.contradictoryName { return .foreign("has two different values of Mex-\(name)") }
        if let named = headers.attributes["messageid"] {
            guard isName(named, of: id) else { return .otherMessage("is about another message (Mex-MessageID)") }
        } else if requested == 1 {
            return .foreign("has no Mex-MessageID")
        }
        // MESH's documents promise the id with a message, and the range with each of many chunks.
        guard requested == 1 || headers.attributes["chunk-range"] != nil else {
            return .foreign("has no Mex-Chunk-Range")
        }
        return nil
    }

    /// MESH takes ids in any case, and a header's value has no blanks around it.
    private static func isName(_ named: String, of id: MessageID) -> Bool {
        named == id.text || named.lowercased() == id.text.trimmed.lowercased()
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimmed: Substring {
        var rest = drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
