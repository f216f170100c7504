/// Servers that repeat what they were sent, or what they should not know.
extension Lie {
    /// Where a server shows what it repeats.
    package enum Place: Sendable, CaseIterable {
        /// In the words of an error, behind as many others as are given.
        case body
        /// In the request id that services give to be quoted.
        case requestID
        /// As a Content-Encoding.
        case encoding
    }

    /// A refusal that repeats a text.
    /// - Parameter offset: how many characters stand before it.
    package static func echo(_ text: String, _ status: Int, in place: Place = .body, behind offset: Int = 0) -> Lie {
        instead(
            refusal(status, text, place, offset),
            "a \(status) that repeats a text in its \(place), behind \(offset)"
        )
    }

    /// A refusal that repeats the Authorization of the request, and its body as far as it is text.
    package static func echoOfRequest(_ status: Int, in place: Place = .body, behind offset: Int = 0) -> Lie {
        Lie("a \(status) that repeats the request in its \(place), behind \(offset)") { request, _ in
            var words = [request.headers["Authorization"] ?? ""]
            if place == .body { words.append(String(decoding: request.body.prefix(4096), as: UTF8.self)) }
            return refusal(status, words.joined(separator: " "), place, offset)
        }
    }

    private static func refusal(_ status: Int, _ text: String, _ place: Place, _ offset: Int) -> HTTPServer.Response {
        let words = String("Refused since nobody may do this. ".cycle(offset)) + text
        var response = HTTPServer.Response(status)
        switch place {
        case .body:
            // In the forms of MESH, of the token services, and of storage: each reads its own.
            let text = jsonString(words)
            response.headers["Content-Type"] = "application/json"
            response.body = .text(
                #"{"detail":[{"event":"","code":"","msg":\#(text)}],"error":"invalid_client","#
                    + #""error_description":\#(text),"message":\#(text)}"#
            )
        case .requestID:
            response.headers["x-ms-request-id"] = words
            response.headers["x-amzn-RequestId"] = words
        case .encoding:
            response.headers["Content-Encoding"] = words
        }
        return response
    }
}

extension String {
    /// The text again and again, up to a length.
    fileprivate func cycle(_ length: Int) -> Substring {
        var long = self
        while long.utf8.count < length { long += self }
        return long.prefix(length)
    }
}
