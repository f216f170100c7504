import Foundation
import ProgramFixture
import TestServers
import Testing

/// The static binary needs nothing of the system: it polls in a root that holds itself, /proc, a CA bundle and the two
/// files that names are resolved by.
@Suite(.tags(.needsRoot), .enabled(if: Place.wantsStaticBinary, "there is no static binary: run `make static`"))
struct StaticBinaryTests {
    private func inEmptyRoot(_ scene: Scene) throws -> Program {
        guard let binary = try Place.staticBinary() else {
            throw Missing("There is no static binary: run `make static`, or set POLL_MESH_INBOX_STATIC_BINARY.")
        }
        guard geteuid() == 0 else { throw Missing("Changing the root needs root: run these tests as root.") }
        let files = FileManager.default
        let root = scene.folder.path
        try files.createDirectory(atPath: "\(root)/proc", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(root)/etc/ssl/certs", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(root)/tmp", withIntermediateDirectories: true)
        let bundle = "/etc/ssl/certs/ca-certificates.crt"
        for file in [bundle, "/etc/hosts", "/etc/resolv.conf"] where files.fileExists(atPath: file) {
            try Data(contentsOf: URL(filePath: file)).write(to: URL(filePath: root + file))
        }
        // Not copied here: another test's process, just forked, could hold the copy open for writing.
        var program = try Program("/poll-mesh-inbox").inNamespace(
            """
            root='\(root)'; cp '\(binary)' "$root/poll-mesh-inbox" &&
            mount --rbind /proc "$root/proc" && exec chroot "$root" "$@"
            """
        )
        program.terminationPath = "/tmp/termination"
        return program
    }

    @Test func aPollWorksInAnEmptyRoot() async throws {
        let messages = [
            MESHMessage("ABC0001", text: "small"),
            MESHMessage("ABC0002", [.bytes(sampleBytes(9 << 20)), .gzip(gzip(sampleBytes(5 << 20)))]),
        ]
        try await withScene(messages) { scene in
            // By name, so that resolving it is part of the proof.
            let changes = [
                "MESH_BASE_URL": scene.mesh.baseURL.replacing("127.0.0.1", with: "localhost"),
                "AZURE_STORAGE_CONNECTION_STRING": scene.store.connectionString.replacing(
                    "127.0.0.1",
                    with: "localhost"
                ),
                "TERMINATION_MESSAGE_PATH": "/tmp/termination",
            ]
            let run = try await scene.run([], changes, program: inEmptyRoot(scene))
            run.expectStatus(0)
            #expect(run.complaints.isEmpty)
            #expect(scene.mesh.waiting().isEmpty)
            #expect(scene.content(run.names["ABC0002"] ?? "") == sampleBytes(9 << 20) + sampleBytes(5 << 20))
            #expect(try JSONLine(scene.folder.text(of: "tmp/termination") ?? "") == run.summary)
        }
    }

    @Test func aFolderIsAStoreInAnEmptyRoot() async throws {
        try await withScene([MESHMessage("ABC0001", text: "small")], place: .directory) { scene in
            let changes = ["STORAGE_DIRECTORY": "/messages", "TZ": "GMT0BST,M3.5.0/1,M10.5.0"]
            let program = try inEmptyRoot(scene)
            let run = try await scene.run([], changes, program: program)
            run.expectStatus(0)
            let name = try #require(run.names["ABC0001"])
            #expect(scene.folder.text(of: "messages/\(name)") == "small")
        }
    }
}
