import Glibc
import Synchronization

/// One connection on its own thread: reads requests, asks the fault hook, has them handled, and answers.
struct HTTPConnection: ~Copyable {
    private let server: HTTPServer
    private let control: ConnectionControl
    private var reader: RequestReader
    private var count = 0

    init(server: HTTPServer, control: ConnectionControl) {
        self.server = server
        self.control = control
        self.reader = RequestReader(descriptor: control.descriptor, limit: server.limits.head)
    }

    consuming func serve() {
        while serveOne() {}
    }

    /// - Returns: whether the connection stays open.
    private mutating func serveOne() -> Bool {
        let head: RequestHead
        let length: Int
        do throws(RequestProblem) {
            guard let read = try reader.readHead() else { return false }
            head = read
            length = try head.bodyLength(limit: server.limits.body)
        } catch {
            refuse(error)
            return false
        }
        count += 1
        let (context, fault) = register(head, length)
        if head.headers["Expect"]?.lowercased() == "100-continue", length > 0 {
            guard utf8("HTTP/1.1 100 Continue\r\n\r\n").withUnsafeBytes({ Sockets.send(control.descriptor, $0) }) else {
                return false
            }
        }
        let wanted = min(length, fault?.bodyCut ?? length)
        let body = reader.readBody(wanted)
        record(context) { $0.bodyLength = body.count }
        guard body.count == length, fault?.bodyCut == nil else { return false }

        var request = HTTPServer.Request(
            number: context.number,
            connection: context.connection,
            method: head.method,
            target: head.target,
            headers: head.headers
        )
        request.body = body
        guard let response = respond(to: request, fault) else { return false }
        record(context) { $0.status = response.status }
        let isOpen = ResponseWriter(descriptor: control.descriptor, control: control)
            .write(response, to: head.method)
        return isOpen && head.headers["Connection"]?.lowercased() != "close"
    }

    private func register(_ head: RequestHead, _ length: Int) -> (HTTPServer.RequestContext, HTTPServer.Fault?) {
        let (context, hook) = server.state.withLock { state in
            let context = HTTPServer.RequestContext(
                number: state.requests.count + 1,
                connection: control.number,
                numberOnConnection: count,
                method: head.method,
                target: head.target,
                headers: head.headers,
                contentLength: length
            )
            state.requests.append(HTTPServer.RecordedRequest(context: context))
            return (context, state.fault)
        }
        return (context, hook?(context))
    }

    private func record(
        _ context: HTTPServer.RequestContext,
        _ change: (inout HTTPServer.RecordedRequest) -> Void
    ) {
        server.state.withLock { change(&$0.requests[context.number - 1]) }
    }

    /// - Returns: nil when the server was stopped meanwhile.
    private func respond(to request: HTTPServer.Request, _ fault: HTTPServer.Fault?) -> HTTPServer.Response? {
        if let before = fault?.before, control.wait(for: before) == nil { return nil }
        var response: HTTPServer.Response
        if let lie = fault?.lie {
            let (server, control) = (server, control)
            response = lie.answer(to: request) {
                Self.handle(request, server, control) ?? HTTPServer.Response(0, delivery: .nothing)
            }
        } else {
            guard let answer = Self.handle(request, server, control) else { return nil }
            response = answer
        }
        if let after = fault?.after, control.wait(for: after) == nil { return nil }
        if let replacement = fault?.replacement { response = replacement }
        if let delivery = fault?.delivery { response.delivery = delivery }
        return response
    }

    /// - Returns: nil when the server was stopped meanwhile.
    private static func handle(
        _ request: HTTPServer.Request,
        _ server: HTTPServer,
        _ control: ConnectionControl
    ) -> HTTPServer.Response? {
        switch server.handling {
        case .direct(let handler): handler(request)
        case .suspending(let handler): control.wait(for: { await handler(request) })
        }
    }

    private mutating func refuse(_ problem: RequestProblem) {
        var response = server.refusal(problem.status, problem.reason)
        response.headers["Connection"] = "close"
        _ = ResponseWriter(descriptor: control.descriptor, control: control).write(response, to: "")
        // What the client still sends is read, up to a point, since a close with unread bytes would reset the answer
        // away.
        shutdown(control.descriptor, Int32(SHUT_WR))
        reader.discard(atMost: 1 << 20)
    }
}
