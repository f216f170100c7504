/// An answer that isn't the service's own: of a gateway in front of it, of a cache, or of a service that is broken.
///
///     server.setFault { $0.target.hasSuffix("/inbox/ABC0001/2") ? .lie(.page()) : nil }
///
/// A lie may ask for the truth, which handles the request: then the request takes effect, whatever is answered. Where
/// there is no socket, the lie is asked directly, and its delivery says what would have reached the client:
///
///     let response = lie.answer(to: request) { core.answer(request) }
package struct Lie: Sendable, CustomStringConvertible {
    /// Handles the request and gives the answer that would have been true.
    package typealias Truth = @Sendable () -> HTTPServer.Response

    /// What a test that fails calls it.
    package let description: String
    private let tell: @Sendable (HTTPServer.Request, @escaping Truth) -> HTTPServer.Response

    package init(
        _ description: String,
        _ tell: @escaping @Sendable (HTTPServer.Request, @escaping Truth) -> HTTPServer.Response
    ) {
        self.description = description
        self.tell = tell
    }

    package func answer(to request: HTTPServer.Request, truth: @escaping Truth) -> HTTPServer.Response {
        tell(request, truth)
    }

    /// The true answer, changed.
    package static func changing(
        _ description: String,
        _ change: @escaping @Sendable (inout HTTPServer.Response) -> Void
    ) -> Lie {
        Lie(description) { _, truth in
            var response = truth()
            change(&response)
            return response
        }
    }

    /// Both lies: the other one is told the first one as the truth.
    package func and(_ other: Lie) -> Lie {
        Lie("\(self) and \(other)") { request, truth in
            other.answer(to: request) { answer(to: request, truth: truth) }
        }
    }

    /// The request takes effect, and this lie is told all the same.
    package var afterEffect: Lie {
        Lie("\(self) after the effect") { request, truth in
            let done = truth()
            return answer(to: request) { done }
        }
    }
}

extension Lie {
    /// Another answer; the request has no effect.
    package static func instead(_ response: HTTPServer.Response, _ description: String? = nil) -> Lie {
        Lie(description ?? "another answer with \(response.status)") { _, _ in response }
    }

    /// A web page of something in front of the service, such as a maintenance page or a portal.
    package static func page(_ status: Int = 200, _ html: String = maintenancePage) -> Lie {
        let response = HTTPServer.Response(status, headers: ["Content-Type": "text/html"], body: .text(html))
        return instead(response, "a page with \(status)")
    }

    /// An answer with nothing but its status and a length of 0.
    package static func bare(_ status: Int = 200) -> Lie {
        instead(HTTPServer.Response(status), "a bare \(status)")
    }

    /// Exactly these bytes, with whatever head and framing they have.
    /// - Parameter closes: whether the connection is closed then; else it stays open and nothing more comes.
    package static func raw(_ bytes: [UInt8], closes: Bool = true) -> Lie {
        instead(
            HTTPServer.Response(0, delivery: closes ? .raw(bytes) : .rawThenOpen(bytes)),
            "\(bytes.count) raw bytes"
        )
    }

    /// No answer at all; the connection stays open.
    package static let silence = instead(HTTPServer.Response(0, delivery: .rawThenOpen([])), "silence")

    package static let maintenancePage = "<!doctype html><html><body><h1>Back soon</h1></body></html>"
}
