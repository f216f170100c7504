import ProgramFixture

extension Sandbox {
    /// A message that was sent to a mailbox of the sandbox.
    struct Sent: Decodable, Sendable {
        var id: String
        var length: Int?
        var sha256: String?
        var fileName: String?
        var isReport: Bool?
    }

    /// What client.key is encrypted with.
    static let keyPassword = "open+the/key"

    /// Sends messages of many sizes to a mailbox, with the official client.
    func send(to mailbox: String) async throws -> [Sent] {
        try await Python.run("sandbox_messages.py", ["send", url, mailbox])
    }

    /// The ids in a mailbox, by the official client.
    func list(_ mailbox: String) async throws -> [String] {
        try await Python.run("sandbox_messages.py", ["list", url, mailbox])
    }

    /// What leads the program to a mailbox.
    func settings(_ mailbox: String) -> [String: String] {
        var settings = [
            "MESH_BASE_URL": url,
            "MESH_MAILBOX_ID": mailbox,
            "MESH_PASSWORD": "password",
            "MESH_SHARED_KEY": "TestKey",
        ]
        if let certificates {
            settings["MESH_CA_CERTIFICATE_FILE"] = certificates.file("ca.pem")
            settings["MESH_CLIENT_CERTIFICATE_FILE"] = certificates.file("client.pem")
            settings["MESH_CLIENT_KEY_FILE"] = certificates.file("client.key")
            settings["MESH_CLIENT_KEY_PASSWORD"] = Self.keyPassword
        }
        return settings
    }
}
