extension HTTPServer {
    /// A request as it came over the wire.
    package struct Request: Sendable {
        /// The running number of the request at this server, from 1.
        package let number: Int
        /// The running number of the connection at this server, from 1.
        package let connection: Int
        package let method: String
        /// Path and query exactly as sent, still percent-encoded.
        package let target: String
        package let headers: Headers
        package internal(set) var body: [UInt8] = []

        /// The target up to the question mark.
        package var path: Substring { target.prefix { $0 != "?" } }

        /// The target behind the question mark.
        package var query: Substring? {
            target.firstIndex(of: "?").map { target[target.index(after: $0)...] }
        }
    }

    /// An answer, and how much of it reaches the client.
    package struct Response: Sendable {
        package var status: Int
        /// Sent as they are; Content-Length is added unless it is here.
        package var headers: Headers
        package var body: Body
        package var delivery: Delivery

        package init(_ status: Int, headers: Headers = [:], body: Body = .empty, delivery: Delivery = .whole) {
            self.status = status
            self.headers = headers
            self.body = body
            self.delivery = delivery
        }
    }

    /// How much of an answer reaches the client.
    package enum Delivery: Sendable {
        case whole
        /// The connection is closed without an answer.
        case nothing
        /// The connection is reset (RST) without an answer.
        case reset
        /// Half of the head, then the connection is closed.
        case halfHead
        /// The whole head and the first bytes of the body, then the connection is closed.
        case cutBody(after: Int)
        /// These bytes in place of the answer, then the connection is closed.
        case raw([UInt8])
        /// These bytes in place of the answer, and nothing more: the connection stays open.
        case rawThenOpen([UInt8])
        /// Some bytes, then others again and again, until the client closes the connection.
        case flood([UInt8], again: [UInt8])
        /// The whole answer, one byte at a time, with a pause before each; its head perhaps at once.
        case trickle(every: Duration, headAtOnce: Bool)
        /// The whole answer, after which the connection is closed without having said so: the client's pool keeps a
        /// stale connection.
        case wholeThenStale
        /// Nothing until the gate opens, then the whole answer.
        case held(Gate)
    }

    /// What the hook of a server is told of a request: its head; the body was not read yet.
    package struct RequestContext: Sendable {
        /// The running number of the request at this server, from 1: the k of "at the k-th request".
        package let number: Int
        package let connection: Int
        /// The running number of the request on its connection, from 1: above 1 the connection was reused.
        package let numberOnConnection: Int
        package let method: String
        package let target: String
        package let headers: Headers
        package let contentLength: Int
    }

    /// What a server keeps of each request.
    package struct RecordedRequest: Sendable {
        package let context: RequestContext
        /// How many bytes of the body were read.
        package internal(set) var bodyLength = 0
        /// The status that the handler or a fault chose, nil while there is none.
        package internal(set) var status: Int?

        package var number: Int { context.number }
        package var connection: Int { context.connection }
        package var method: String { context.method }
        package var target: String { context.target }
        package var headers: Headers { context.headers }
    }
}
