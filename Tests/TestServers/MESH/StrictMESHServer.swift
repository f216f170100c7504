import Synchronization

/// A MESH in memory that refuses what the real one refuses.
///
///     try await withStrictMESHServer(messages: [MESHMessage("ABC0001", text: "hello")]) { mesh in
///         // run the code under test against mesh.baseURL, mailbox X26ABC1, password "password", key "TestKey"
///         #expect(mesh.acknowledged() == ["ABC0001"])
///     }
///
/// It verifies every token completely: mailbox in upper case, HMAC, two hours of tolerance by its ``ServerClock``, and
/// that no nonce and count come twice (403 with a v2 error). A handshake without its three Mex headers, and an Accept
/// that is not exactly `application/vnd.mesh.v2+json`, get 400. Faults are set at ``http``.
package final class StrictMESHServer: Sendable {
    /// What the service does differently from its plainest self.
    package struct Options: Sendable {
        /// Pages are never longer than this, whatever `max_results` asks for.
        package var pageCap: Int?
        /// Acknowledged ids are still listed in this many listings.
        package var lag = 0
        /// Ids that every page shows twice.
        package var duplicatedIDs: Set<String> = []
        /// Whether the filter is applied before the page is cut. As the real service says, a page is cut first, so that
        /// filtered pages can be empty and still have a next link.
        package var filtersBeforePaging = false
        /// Whether the last page has a next link too, to a page with nothing on it.
        package var endsWithEmptyPage = false
        /// Acknowledged messages can still be downloaded, as at the sandbox; else 410.
        package var servesAcknowledged = false
        /// Whether tokens are verified at all (a sandbox without authentication).
        package var verifiesTokens = true

        package init() {}
    }

    struct State {
        var options: Options
        var mailboxes: [String: MailboxState] = [:]
        var tokens: [String] = []
    }

    package let log: EventLog
    package let clock: ServerClock
    /// The server under it: for its faults and its recorded requests.
    package let http: HTTPServer
    let core: MESHCore

    /// Starts to listen.
    package init(
        port: Int = 0,
        mailboxes: [MESHMailbox] = [MESHMailbox()],
        messages: [MESHMessage] = [],
        options: Options = Options(),
        log: EventLog = EventLog(),
        clock: ServerClock = .system
    ) throws(ServerError) {
        let core = MESHCore(options: options, log: log, clock: clock)
        for mailbox in mailboxes { core.add(mailbox) }
        if let first = mailboxes.first { core.put(messages, in: first.id) }
        self.core = core
        self.log = log
        self.clock = clock
        http = try HTTPServer(
            port: port,
            limits: HTTPServer.Limits(),
            handling: .direct { core.answer($0) },
            refusal: { status, reason in MESHCore.failure(status, code: "", reason) }
        )
    }

    /// `http://127.0.0.1:PORT`.
    package var baseURL: String { http.baseURL }

    /// Every Authorization value that came, in order, the refused ones too.
    package var tokens: [String] { core.state.withLock { $0.tokens } }

    package func stop() { http.stop() }

    /// Changes the options while the server runs.
    package func update(_ change: (inout Options) -> Void) {
        core.state.withLock { change(&$0.options) }
    }

    /// Puts a message into a mailbox, or replaces the one with its id.
    package func add(_ message: MESHMessage, to mailbox: String = "X26ABC1") {
        core.put([message], in: mailbox)
    }

    /// Takes a message out of the inbox as the service does after five days: it is not listed and answers 410.
    package func expire(_ id: String, in mailbox: String = "X26ABC1") {
        core.state.withLock { $0.mailboxes[mailbox]?.expire(id) }
    }

    /// The acknowledged ids, in the order in which that happened.
    package func acknowledged(in mailbox: String = "X26ABC1") -> [String] {
        core.state.withLock { $0.mailboxes[mailbox]?.acknowledged ?? [] }
    }

    /// The ids that were neither acknowledged nor expired, in the order of the inbox.
    package func waiting(in mailbox: String = "X26ABC1") -> [String] {
        core.state.withLock { state in
            state.mailboxes[mailbox]?.entries.filter { !$0.isAcknowledged && !$0.isExpired }.map(\.message.id) ?? []
        }
    }
}

/// Runs a strict MESH server for the time of a closure, and stops it in any case.
package func withStrictMESHServer<Result>(
    mailboxes: [MESHMailbox] = [MESHMailbox()],
    messages: [MESHMessage] = [],
    options: StrictMESHServer.Options = StrictMESHServer.Options(),
    log: EventLog = EventLog(),
    clock: ServerClock = .system,
    isolation: isolated (any Actor)? = #isolation,
    run: (StrictMESHServer) async throws -> Result
) async throws -> Result {
    let server = try StrictMESHServer(
        mailboxes: mailboxes,
        messages: messages,
        options: options,
        log: log,
        clock: clock
    )
    defer { server.stop() }
    return try await run(server)
}
