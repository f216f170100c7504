/// Answers that have no end, or are larger than anybody can want them.
extension Lie {
    /// A body that goes on at full speed until the client closes the connection.
    /// - Parameter pattern: what it repeats.
    package static func endlessBody(
        _ status: Int = 200,
        _ headers: HTTPServer.Headers = ["Content-Type": "application/json"],
        of pattern: [UInt8] = utf8(#"{"detail":[{"event":"","code":"","msg":"again"}]}"#)
    ) -> Lie {
        endless(HTTPServer.Response(status, headers: headers), pattern)
    }

    /// The true answer, whose body goes on and on: nothing in its head is wrong.
    package static let neverEnding = Lie("a body without end") { _, truth in
        var response = truth()
        // A piece of some length, so that it is sent fast.
        var pattern = response.body.contents
        if pattern.isEmpty { pattern = utf8("more ") }
        while pattern.count < 16_384 { pattern += pattern }
        response.delivery = flood(response, pattern)
        return response
    }

    private static func endless(_ response: HTTPServer.Response, _ pattern: [UInt8]) -> Lie {
        var long = pattern
        while long.count < 16_384 { long += pattern }
        return Lie("an endless body with \(response.status)") { [long] _, _ in
            var response = response
            response.delivery = flood(response, long)
            return response
        }
    }

    private static func flood(_ response: HTTPServer.Response, _ pattern: [UInt8]) -> HTTPServer.Delivery {
        var head = response
        head.body = .empty
        let whole = Framing.chunked.bytes(of: head, isCut: true)
        let chunk = utf8("\(String(pattern.count, radix: 16))\r\n") + pattern + utf8("\r\n")
        return .flood(whole, again: chunk)
    }

    /// Header fields without end.
    package static let endlessHead = Lie("a head without end") { _, _ in
        HTTPServer.Response(200, delivery: .flood(utf8("HTTP/1.1 200 OK\r\n"), again: utf8("X-More: of the same\r\n")))
    }

    /// Interim answers (1xx) without end, and never the final one.
    package static let endlessInterimAnswers = Lie("interim answers without end") { _, _ in
        let interim = utf8("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
        return HTTPServer.Response(103, delivery: .flood([], again: interim))
    }

    /// The true answer with so many bytes of header fields beside its own.
    /// - Parameter fields: how many fields they are in.
    package static func largeHead(_ bytes: Int, fields: Int = 1) -> Lie {
        changing("\(bytes) bytes of header in \(fields) fields") { response in
            let value = String(repeating: "v", count: bytes / fields)
            for number in 0..<fields { response.headers.append("X-Large-\(number)", value) }
        }
    }

    /// The true answer at the speed of one byte in some time.
    /// - Parameter headAtOnce: whether only the body is slow.
    package static func slow(every pause: Duration = .seconds(1), headAtOnce: Bool = false) -> Lie {
        changing(headAtOnce ? "a slow body" : "a slow answer") {
            $0.delivery = .trickle(every: pause, headAtOnce: headAtOnce)
        }
    }
}

extension Lie {
    /// A body of JSON that is larger than any true one.
    /// - Parameter length: at least so many bytes.
    package static func largeJSON(_ status: Int, length: Int) -> Lie {
        instead(largeError(status, length: length), "\(length) bytes of JSON with \(status)")
    }

    private static func largeError(_ status: Int, length: Int) -> HTTPServer.Response {
        let start = utf8(#"{"detail":[{"event":"","code":"","msg":""#)
        let end = utf8(#""}]}"#)
        return HTTPServer.Response(
            status,
            headers: ["Content-Type": "application/vnd.mesh.v2+json"],
            body: surrounded(start, utf8("words "), end, length: length)
        )
    }

    /// The true listing with megabytes of tiny values in a member that nobody knows.
    package static func listingOfTinyValues(length: Int) -> Lie {
        changing("a listing with \(length) bytes of tiny values") { response in
            var start = response.body.contents
            start.removeLast()
            start += utf8(#","more":[0"#)
            response.body = surrounded(start, utf8(",[],{}"), utf8("]}"), length: length)
        }
    }

    /// An empty page of a listing with a next link that leads to the first true one. No link comes twice, so that where
    /// every listing gets this lie there is no end.
    package static let emptyPages = Lie("empty pages without end") { request, _ in
        let next = "\(request.path)?continue_from=\(MESHCore.cursor(-request.number))"
        let links = #"{"self":\#(jsonString(request.target)),"next":\#(jsonString(next))}"#
        return HTTPServer.Response(
            200,
            headers: ["Content-Type": "application/vnd.mesh.v2+json"],
            body: .text(#"{"messages":[],"links":\#(links)}"#)
        )
    }

    /// A body of a start, a pattern again and again, and an end.
    private static func surrounded(
        _ start: [UInt8],
        _ pattern: [UInt8],
        _ end: [UInt8],
        length: Int
    ) -> HTTPServer.Body {
        let count = (length - start.count + pattern.count - 1) / pattern.count
        var filler = pattern
        while filler.count < count * pattern.count { filler += filler }
        return .bytes(start + filler.prefix(count * pattern.count) + end)
    }
}
