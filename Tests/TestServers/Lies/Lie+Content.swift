/// True answers with something wrong in them.
extension Lie {
    /// The true answer with a field of another value, or without it.
    package static func field(_ name: String, _ value: String?) -> Lie {
        changing("\(name): \(value?.prefix(40) ?? "none")") { $0.headers[name] = value }
    }

    /// The true answer with a field once more, of the same or of another value.
    package static func doubled(_ name: String, _ value: String) -> Lie {
        changing("\(name) once more, \(value)") { $0.headers.append(name, value) }
    }

    /// The true answer without any of MESH's own fields.
    package static let withoutMexFields = changing("no Mex- fields") { response in
        for field in response.headers.fields where field.key.hasPrefix("mex-") { response.headers.remove(field.name) }
    }

    /// The answer of a download, which claims to be of another message.
    package static func anotherMessage(_ id: String) -> Lie { field("Mex-MessageID", id) }

    /// The answer of a download, which claims to be another chunk, such as `1:2`.
    package static func anotherChunk(_ range: String) -> Lie { field("Mex-Chunk-Range", range) }

    /// The true answer with another body, and perhaps other fields.
    package static func body(_ bytes: [UInt8], _ headers: HTTPServer.Headers = [:]) -> Lie {
        changing("another body, \(headers.fields.map { "\($0.name): \($0.text)" })") { response in
            response.body = .bytes(bytes)
            for field in headers.fields { response.headers[field.name] = field.text }
        }
    }

    /// The true answer, a JSON object, with another value for one of its members, which is added where it lacks.
    /// - Parameter value: as it stands in the JSON, with its quotes if it has some.
    package static func member(_ name: String, _ value: String) -> Lie {
        changing("\(name): \(value)") { response in
            let text = String(decoding: response.body.contents, as: UTF8.self)
            response.body = .text(withMember(name, value, in: text))
        }
    }

    private static func withMember(_ name: String, _ value: String, in text: String) -> String {
        let start = "\(jsonString(name)):"
        guard let found = text.firstRange(of: start) else {
            return "{\(start)\(value)," + text.dropFirst()
        }
        let rest = text[found.upperBound...]
        let isText = rest.first == "\""
        let old = isText ? rest.dropFirst().prefix { $0 != "\"" } : rest.prefix { $0 != "," && $0 != "}" }
        return text[..<found.upperBound] + value + text[old.endIndex...].dropFirst(isText ? 1 : 0)
    }

    /// The true answer of storage, which claims to be to another request.
    package static let anotherRequestID = field("x-ms-client-request-id", "00000000-0000-4000-8000-000000000000")
}
