import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

@Suite struct BlobPathTests {
    @Test(
        arguments: [
            ("a", [], "a"),
            ("2024-01-15/ABC.dat", ["2024-01-15"], "ABC.dat"),
            ("a/b/...", ["a", "b"], "..."),
            (".poll-mesh-inbox/X26ABC1.json", [".poll-mesh-inbox"], "X26ABC1.json"),
            ("x/.poll-mesh-inbox/tmp", ["x", ".poll-mesh-inbox"], "tmp"),
            ("a\\b", [], "a\\b"),
        ] as [(String, [String], String)]
    )
    func takesNamesApart(blob: String, folders: [String], name: String) throws {
        let path = try BlobPath(BlobName(blob))
        #expect(path.folders == folders)
        #expect(path.name == name)
    }

    @Test(arguments: [
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "./a", "a/./b", "a\u{0}b", "a\u{0}/b",
        ".poll-mesh-inbox", ".poll-mesh-inbox/tmp", ".poll-mesh-inbox/tmp/a", ".poll-mesh-inbox/metadata/a/b",
        ".poll-mesh-inbox/in-use.lock", String(repeating: "x", count: 224), String(repeating: "é", count: 128) + "/a",
    ])
    func refusesWhatIsNoPlainPath(blob: String) async throws {
        #expect { try BlobPath(BlobName(blob)) } throws: { ($0 as? Failure)?.kind == .permanent }
        let directory = TemporaryDirectory()
        let store = directory.store()
        try await store.prepare()
        let before = directory.files()
        // Outside of #expect: within its arguments the compiler (6.3) confuses closures of one shape.
        let creating = await failure { () throws(Failure) in try await store.create(.message(blob), "abc") }
        let looking = await failure { () throws(Failure) in _ = try await store.look(blob) }
        let staging = await failure { () throws(Failure) in _ = try await store.stage(BlobName(blob)) }
        #expect([creating, looking, staging].map { $0?.type } == Array(repeating: "invalid_name", count: 3))
        #expect(directory.files() == before)
    }

    @Test func takesTheLongestNames() async throws {
        let directory = TemporaryDirectory()
        let blob = String(repeating: "f", count: 255) + "/" + String(repeating: "n", count: 223)
        let store = directory.store()
        try await store.create(.message(blob), "abc")
        #expect(try await store.look(blob)?.id == "ID1")
    }
}
