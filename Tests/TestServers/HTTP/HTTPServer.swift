import Dispatch
import Glibc
import Synchronization

/// A small, strict HTTP/1.1 server on loopback for tests, which can also misbehave on request.
///
///     try await withHTTPServer { request in
///         HTTPServer.Response(200, body: .text("hello"))
///     } run: { server in
///         server.setFault { $0.number == 2 ? .closeAfterHandling : nil }
///         // talk to server.baseURL
///         #expect(server.requests.count == 2)
///     }
///
/// It keeps connections alive and refuses what a sloppy client sends: a PUT or POST without a length (411), chunked
/// transfer encoding (501), a missing or second Host, bare line feeds, spaces in the target (400). One thread serves
/// one connection with plain blocking sockets: the sockets of an HTTP framework read 4 KiB at a time.
package final class HTTPServer: Sendable {
    package typealias FaultHook = @Sendable (RequestContext) -> Fault?

    /// Bounds, so that a broken client fails a test rather than the machine.
    package struct Limits: Sendable {
        /// The head of a request, in bytes.
        package var head = 65_536
        /// The body of a request, in bytes; beyond it 413.
        package var body = 1 << 30
        /// Open connections; others wait.
        package var connections = 512

        package init() {}
    }

    enum Handling: Sendable {
        case direct(@Sendable (Request) -> Response)
        case suspending(@Sendable (Request) async -> Response)
    }

    struct State {
        var requests: [RecordedRequest] = []
        var connections: [Int: ConnectionControl] = [:]
        var connectionCount = 0
        var isStopped = false
        var fault: FaultHook?
    }

    /// The port, chosen by the kernel unless one was asked for.
    package let port: Int

    let limits: Limits
    let handling: Handling
    /// Shapes the server's own refusals (400, 411, 413, 431, 501, 505) like those of the service that it plays.
    let refusal: @Sendable (Int, String) -> Response
    let state = Mutex(State())
    private let listener: Int32
    private let slots: DispatchSemaphore
    private let threads = DispatchGroup()

    /// Starts to listen on 127.0.0.1.
    /// - Parameter port: 0 lets the kernel choose.
    /// - Throws: ``ServerError`` when the port can't be had.
    package convenience init(
        port: Int = 0,
        limits: Limits = Limits(),
        handler: @escaping @Sendable (Request) async -> Response
    ) throws(ServerError) {
        try self.init(port: port, limits: limits, handling: .suspending(handler)) { status, reason in
            Response(status, headers: ["Content-Type": "text/plain"], body: .text(reason + "\n"))
        }
    }

    /// Starts to listen on 127.0.0.1, with a handler that runs on the thread of its connection: it answers in time also
    /// where the pool of tasks is busy.
    package convenience init(direct handler: @escaping @Sendable (Request) -> Response) throws(ServerError) {
        try self.init(port: 0, handling: .direct(handler)) { status, reason in
            Response(status, headers: ["Content-Type": "text/plain"], body: .text(reason + "\n"))
        }
    }

    init(
        port: Int,
        limits: Limits = Limits(),
        handling: Handling,
        refusal: @escaping @Sendable (Int, String) -> Response
    ) throws(ServerError) {
        self.limits = limits
        self.handling = handling
        self.refusal = refusal
        self.slots = DispatchSemaphore(value: limits.connections)
        self.listener = try Sockets.listen(port: port)
        self.port = Sockets.port(of: listener)
        startThread(threads) { [self] in acceptConnections() }
    }

    /// `http://127.0.0.1:PORT`.
    package var baseURL: String { "http://127.0.0.1:\(port)" }

    /// All requests so far, in the order in which their heads were read.
    package var requests: [RecordedRequest] { state.withLock { $0.requests } }

    /// Sets the hook that is asked, for each request, whether something goes wrong with it.
    package func setFault(_ hook: FaultHook?) {
        state.withLock { $0.fault = hook }
    }

    /// Closes everything and returns when the last thread has ended. What hangs at a ``Gate`` is abandoned.
    package func stop() {
        let controls = state.withLock { state -> [ConnectionControl] in
            if !state.isStopped {
                state.isStopped = true
                shutdown(listener, Int32(SHUT_RDWR))
                slots.signal()
            }
            for control in state.connections.values { shutdown(control.descriptor, Int32(SHUT_RDWR)) }
            return Array(state.connections.values)
        }
        for control in controls { control.interrupt() }
        threads.wait()
    }

    /// The port stays taken until here: whoever asks a stopped server must not be answered by another one.
    deinit { close(listener) }

    private func acceptConnections() {
        while true {
            slots.wait()
            guard let descriptor = Sockets.accept(listener) else { return }
            let control = state.withLock { state -> ConnectionControl? in
                guard !state.isStopped else { return nil }
                state.connectionCount += 1
                let control = ConnectionControl(number: state.connectionCount, descriptor: descriptor)
                state.connections[control.number] = control
                return control
            }
            guard let control else {
                Sockets.close(descriptor)
                return
            }
            startThread(threads) { [self] in
                HTTPConnection(server: self, control: control).serve()
                state.withLock { state in
                    state.connections[control.number] = nil
                    Sockets.close(descriptor)
                }
                slots.signal()
            }
        }
    }
}

/// Runs a server for the time of a closure, and stops it in any case.
/// - Parameters:
///   - handler: answers each request; may run for several connections at once.
///   - run: gets the server, which already listens.
package func withHTTPServer<Result>(
    limits: HTTPServer.Limits = HTTPServer.Limits(),
    isolation: isolated (any Actor)? = #isolation,
    handler: @escaping @Sendable (HTTPServer.Request) async -> HTTPServer.Response,
    run: (HTTPServer) async throws -> Result
) async throws -> Result {
    let server = try HTTPServer(limits: limits, handler: handler)
    defer { server.stop() }
    return try await run(server)
}

/// A server could not be started.
package struct ServerError: Error, CustomStringConvertible {
    package let description: String
}
