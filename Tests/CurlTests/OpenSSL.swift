import Foundation
import Glibc
import Testing

/// Certificates and a TLS server of the `openssl` command.
enum OpenSSL {
    /// A folder with `ca.pem`, `other-ca.pem`, `server.pem` (for 127.0.0.1), `client.pem`, and a `.key` of each; and
    /// `locked.key`, the client's key under the password "opens".
    private static let folder: Result<URL, any Error> = Result { try makeCertificates() }

    static func path(_ name: String) throws -> String {
        try folder.get().appending(path: name).path()
    }

    static func file(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: folder.get().appending(path: name)))
    }

    /// Runs `openssl s_server`, which answers each request with a page about the connection.
    static func withServer<Result>(
        _ arguments: [String] = [],
        isolation: isolated (any Actor)? = #isolation,
        run: (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let own = ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "server.pem", "-key", "server.key"]
        let command = try Command(own + arguments, in: folder.get())
        defer { command.end() }
        let line = try #require(command.line { $0.hasPrefix("ACCEPT ") }, "openssl s_server ended")
        return try await run(#require(line.split(separator: ":").last.flatMap { Int($0) }))
    }

    private static func makeCertificates() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "curl-tests-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: OpenSSL.folder.get()) }
        let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        for name in ["ca", "other-ca"] {
            try run(new + ["-keyout", "\(name).key", "-out", "\(name).pem", "-subj", "/CN=\(name)"], in: folder)
        }
        for (name, subject, alternative) in [
            ("server", "/CN=server", "IP:127.0.0.1"), ("client", "/CN=tester.api.mesh-client.example", "DNS:client"),
        ] {
            let files = ["-keyout", "\(name).key", "-out", "\(name).pem", "-CA", "ca.pem", "-CAkey", "ca.key"]
            let names = ["-subj", subject, "-addext", "subjectAltName=\(alternative)"]
            try run(new + files + names + ["-addext", "basicConstraints=critical,CA:FALSE"], in: folder)
        }
        try run(["ec", "-in", "client.key", "-aes256", "-passout", "pass:opens", "-out", "locked.key"], in: folder)
        return folder
    }

    private static func run(_ arguments: [String], in folder: URL) throws {
        let command = try Command(arguments, in: folder)
        try #require(command.wait() == 0, "openssl \(arguments[0]) failed; is there such a command?")
    }
}

/// A running `openssl`.
private struct Command {
    private let id: pid_t
    private let output: UnsafeMutablePointer<FILE>

    init(_ arguments: [String], in folder: URL) throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var words =
            (["sh", "-c", "cd \"$0\" && exec openssl \"$@\"", folder.path()] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id: pid_t = 0
        let status = posix_spawnp(&id, "sh", &actions, nil, &words, environ)
        close(ends[1])
        try #require(status == 0, "there is no shell")
        self.id = id
        output = fdopen(ends[0], "r")
    }

    /// The first line of the output that fits.
    func line(where fits: (String) -> Bool) -> String? {
        var buffer = [CChar](repeating: 0, count: 1024)
        while fgets(&buffer, Int32(buffer.count), output) != nil {
            let line = String(
                decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) },
                as: UTF8.self
            )
            if fits(line) { return line }
        }
        return nil
    }

    /// - Returns: the status as of `waitpid`.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        fclose(output)
        return status
    }

    func end() {
        // A thread of a pool blocks the other signals, and so does its child.
        kill(id, SIGKILL)
        wait()
    }
}
