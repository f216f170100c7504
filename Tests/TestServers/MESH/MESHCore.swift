import Synchronization

/// The state of a strict MESH server and what it answers.
final class MESHCore: Sendable {
    let state: Mutex<StrictMESHServer.State>
    let log: EventLog
    let clock: ServerClock

    init(options: StrictMESHServer.Options, log: EventLog, clock: ServerClock) {
        self.state = Mutex(StrictMESHServer.State(options: options))
        self.log = log
        self.clock = clock
    }

    func add(_ mailbox: MESHMailbox) {
        state.withLock { $0.mailboxes[mailbox.id] = MailboxState(mailbox) }
    }

    func put(_ messages: [MESHMessage], in mailbox: String) {
        state.withLock { state in
            for message in messages { state.mailboxes[mailbox]?.put(message) }
        }
    }

    func answer(_ request: HTTPServer.Request) -> HTTPServer.Response {
        var response = route(request)
        if response.headers["Date"] == nil { response.headers.append("Date", Timestamp.http(clock.now)) }
        return response
    }

    private func route(_ request: HTTPServer.Request) -> HTTPServer.Response {
        var segments: [String] = []
        for segment in request.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let bytes = percentDecoded(segment), let text = String(validating: bytes, as: UTF8.self) else {
                return Self.failure(400, code: "", "the path is not percent-encoded UTF-8")
            }
            segments.append(text)
        }
        guard segments.count >= 2, segments[0] == "messageexchange" else {
            return Self.failure(404, code: "", "Not Found")
        }
        if segments == ["messageexchange", "_ping"], request.method == "GET" {
            return Self.json(200, #"{"application":"strict MESH","version":"1"}"#)
        }
        guard request.headers.values("Accept") == ["application/vnd.mesh.v2+json"] else {
            return Self.failure(400, code: "", "Accept header api format incorrect")
        }
        if let refusal = authorize(request, mailbox: segments[1]) { return refusal }
        let mailbox = segments[1].uppercased()
        switch (request.method, segments.count, segments.dropFirst(2).first, segments.last) {
        case ("POST", 2, _, _):
            return handshake(request, mailbox)
        case ("GET", 3, "inbox", _):
            return list(request, mailbox)
        case ("GET", 4, "inbox", let id?):
            return message(id, chunk: 1, mailbox)
        case ("GET", 5, "inbox", let chunk?):
            guard let number = Int(chunk), "\(number)" == chunk else {
                return Self.failure(400, code: "", "no chunk number")
            }
            return message(segments[3], chunk: number, mailbox)
        case ("PUT", 6, "inbox", "acknowledged") where segments[4] == "status":
            return acknowledge(segments[3], mailbox)
        default:
            return Self.failure(segments.dropFirst(2).first == "inbox" ? 405 : 404, code: "", "Not Found")
        }
    }

    /// - Returns: the refusal, nil when the token is good. A good token is used up by this.
    private func authorize(_ request: HTTPServer.Request, mailbox id: String) -> HTTPServer.Response? {
        let authorization = request.headers["Authorization"]
        return state.withLock { state -> HTTPServer.Response? in
            if let authorization { state.tokens.append(authorization) }
            guard let mailbox = state.mailboxes[id.uppercased()]?.mailbox else {
                return Self.failure(403, code: "EPL-151", "No mailbox matched")
            }
            guard state.options.verifiesTokens else { return nil }
            do throws(MESHTokenProblem) {
                let token = try MESHToken(authorization)
                try token.verify(for: mailbox, now: clock.now)
                let isNew = state.mailboxes[mailbox.id]!.usedTokens.insert("\(token.nonce):\(token.count)").inserted
                if !isNew { throw .replayed }
                return nil
            } catch {
                return Self.failure(403, code: "EPL-151", error.rawValue)
            }
        }
    }

    private func handshake(_ request: HTTPServer.Request, _ mailbox: String) -> HTTPServer.Response {
        for name in ["Mex-ClientVersion", "Mex-OSName", "Mex-OSVersion"] {
            guard let value = request.headers[name], !value.isEmpty else {
                return Self.failure(400, code: "", "\(name) is missing")
            }
        }
        log.append(.handshake(mailbox: mailbox))
        return Self.json(200, #"{"mailbox_id":"# + jsonString(mailbox) + "}")
    }

    private func acknowledge(_ id: String, _ mailbox: String) -> HTTPServer.Response {
        state.withLock { state in
            let lag = state.options.lag
            switch state.mailboxes[mailbox]!.acknowledge(id, lag: lag) {
            case nil:
                return Self.failure(404, code: "20", event: "RECEIVE", "Message does not exist")
            case true?:
                log.append(.acknowledgedAgain(mailbox: mailbox, id: id))
            case false?:
                log.append(.acknowledged(mailbox: mailbox, id: id))
            }
            return HTTPServer.Response(200)
        }
    }

    static func json(_ status: Int, _ text: String) -> HTTPServer.Response {
        HTTPServer.Response(status, headers: ["Content-Type": "application/vnd.mesh.v2+json"], body: .text(text))
    }

    /// An error body of version 2.
    static func failure(_ status: Int, code: String, event: String = "", _ message: String) -> HTTPServer.Response {
        let detail = #"{"event":\#(jsonString(event)),"code":\#(jsonString(code)),"msg":\#(jsonString(message))}"#
        return json(status, #"{"detail":["# + detail + "]}")
    }
}
