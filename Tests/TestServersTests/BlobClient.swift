@testable import TestServers

/// A client of the Blob service that signs with the account's key and can be told to do everything wrong.
struct BlobClient {
    static let now = 1_795_446_000  // 2026-11-23T15:00:00Z

    let server: StrictBlobServer
    let raw: RawClient
    var key = StrictBlobServer.emulatorKey
    /// The path of the account, `/devstoreaccount1` unless the server is host-style.
    var root = "/devstoreaccount1"

    init(_ server: StrictBlobServer) throws {
        self.server = server
        raw = try RawClient(port: server.http.port)
    }

    /// Sends a request that is right but for the headers given; `-` removes one.
    func call(
        _ method: String,
        _ path: String,
        _ headers: [(String, String)] = [],
        _ body: String = ""
    ) async throws -> RawClient.Answer {
        var all = [
            ("x-ms-date", Timestamp.http(server.clock.now)), ("x-ms-version", "2025-11-05"),
            ("x-ms-client-request-id", "6f1c2b0e-0000-4000-8000-000000000001"),
        ]
        all.removeAll { name, _ in headers.contains { $0.0.lowercased() == name } }
        all += headers.filter { $0.1 != "-" }
        if !headers.contains(where: { $0.0 == "Authorization" }), !path.contains("sig=") {
            all.append(("Authorization", try sign(method, root + path, all, body.utf8.count)))
        }
        return try await raw.exchange(method, root + path, all, Array(body.utf8))
    }

    func put(_ name: String, _ text: String, _ headers: [(String, String)] = []) async throws -> RawClient.Answer {
        let hasType = headers.contains { $0.0 == "x-ms-blob-type" }
        return try await call(
            "PUT",
            "/inbox/\(name)",
            (hasType ? [] : [("x-ms-blob-type", "BlockBlob")]) + headers,
            text
        )
    }

    func stage(_ name: String, _ id: String, _ text: String, _ headers: [(String, String)] = []) async throws
        -> RawClient.Answer
    {
        try await call("PUT", "/inbox/\(name)?comp=block&blockid=\(percentEncoded(id))", headers, text)
    }

    func commit(_ name: String, _ ids: [String], _ headers: [(String, String)] = []) async throws -> RawClient.Answer {
        let items = ids.map { "<Latest>\($0)</Latest>" }.joined()
        let body = #"<?xml version="1.0" encoding="utf-8"?><BlockList>\#(items)</BlockList>"#
        return try await call("PUT", "/inbox/\(name)?comp=blocklist", headers, body)
    }

    func lease(_ name: String, _ action: String, _ headers: [(String, String)]) async throws -> RawClient.Answer {
        try await call("PUT", "/inbox/\(name)?comp=lease", [("x-ms-lease-action", action)] + headers)
    }

    private func sign(_ method: String, _ target: String, _ headers: [(String, String)], _ length: Int) throws -> String
    {
        func value(_ name: String) -> String { headers.first { $0.0 == name }?.1 ?? "" }
        let standard = [
            "", "", length == 0 ? "" : "\(length)", value("Content-MD5"), value("Content-Type"), "", "",
            value("If-Match"),
            value("If-None-Match"), "", value("Range"),
        ]
        let own = headers.map { ($0.0.lowercased(), $0.1) }.filter { $0.0.hasPrefix("x-ms-") }.sorted { $0.0 < $1.0 }
        let parts = target.split(separator: "?", maxSplits: 1)
        let query = (parts.count > 1 ? parts[1].split(separator: "&") : []).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return "\n\(parts[0]):" + String(decoding: percentDecoded(parts[1]) ?? [], as: UTF8.self)
        }
        var text = method + "\n" + standard.map { $0 + "\n" }.joined()
        text += own.map { "\($0.0):\($0.1)\n" }.joined() + "/devstoreaccount1" + parts[0] + query.sorted().joined()
        let mac = Digest.hmacSHA256(key: Base64.decode(key) ?? [], Array(text.utf8))
        return "SharedKey devstoreaccount1:" + Base64.encode(mac)
    }
}

func withBlobServer(
    _ options: StrictBlobServer.Options = .init(),
    containers: [String] = ["inbox"],
    run: (StrictBlobServer, BlobClient) async throws -> Void
) async throws {
    let clock = ServerClock(at: BlobClient.now)
    try await withStrictBlobServer(containers: containers, options: options, clock: clock) { server in
        try await run(server, BlobClient(server))
    }
}
