import Glibc
import TestServers

/// Starts the servers, prints where they are, and returns when it is told to end.
func runServers(_ arguments: CommandArguments) throws(ServerError) {
    // SIGTERM is blocked before any thread starts, so that it is taken by the wait below and by nothing else.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)

    var fields: [String] = ["\"pid\":\(getpid())"]
    var mesh: StrictMESHServer?
    var blob: StrictBlobServer?
    if arguments.startsMESH {
        var options = StrictMESHServer.Options()
        options.pageCap = arguments.pageCap
        let mailbox = MESHMailbox(id: arguments.mailbox, password: arguments.password, sharedKey: arguments.sharedKey)
        let server = try StrictMESHServer(
            port: arguments.meshPort,
            mailboxes: [mailbox],
            messages: seeds(arguments),
            options: options
        )
        fields.append("\"mesh\":\"\(server.baseURL)\"")
        mesh = server
    }
    if arguments.startsBlob {
        var options = StrictBlobServer.Options()
        options.keepsContentsOnDisk = arguments.isOnDisk
        let server = try StrictBlobServer(
            port: arguments.blobPort,
            containers: [arguments.container],
            options: options
        )
        fields.append("\"blob\":\"\(server.endpoint)\"")
        fields.append("\"connectionString\":\"\(server.connectionString)\"")
        blob = server
    }
    print("{\(fields.joined(separator: ","))}")
    fflush(nil)
    waitForTheEnd(&signals, readsInput: !arguments.keepsRunning)
    mesh?.stop()
    blob?.stop()
}

/// Messages `ABC00000001`, `ABC00000002`, ... of 256 byte values again and again.
private func seeds(_ arguments: CommandArguments) -> [MESHMessage] {
    let pattern = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    return (0..<arguments.messages).map { index in
        let digits = "\(index + 1)"
        let id = "ABC" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        return .repeating(id, pattern: pattern, length: arguments.size, chunks: arguments.chunks)
    }
}

private func waitForTheEnd(_ signals: inout sigset_t, readsInput: Bool) {
    if readsInput {
        var thread = pthread_t()
        pthread_create(
            &thread,
            nil,
            { _ in
                var byte: UInt8 = 0
                while read(STDIN_FILENO, &byte, 1) > 0 {}
                kill(getpid(), SIGTERM)
                return nil
            },
            nil
        )
        pthread_detach(thread)
    }
    var received: Int32 = 0
    sigwait(&signals, &received)
}
