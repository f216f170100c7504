import ProgramFixture
import TestServers
import Testing

/// Settings that can't work: one clear line for each, status 78, and nothing is touched.
struct BadSettingsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        /// In place of good settings; nil removes.
        var changes: [String: String?]
        /// What the one line names.
        var words: [String]
    }

    private static let key = StrictBlobServer.emulatorKey
    private static let cases = [
        Case(
            testDescription: "a connection string without a key",
            changes: ["AZURE_STORAGE_CONNECTION_STRING": "DefaultEndpointsProtocol=https;AccountName=messages"],
            words: ["AZURE_STORAGE_CONNECTION_STRING", "AccountKey"]
        ),
        Case(
            testDescription: "a connection string that is none",
            changes: ["AZURE_STORAGE_CONNECTION_STRING": "https://messages.blob.core.windows.net"],
            words: ["AZURE_STORAGE_CONNECTION_STRING"]
        ),
        Case(
            testDescription: "a key that is not base64",
            changes: ["AZURE_STORAGE_CONNECTION_STRING": "AccountName=messages;AccountKey=not*base64"],
            words: ["AZURE_STORAGE_CONNECTION_STRING", "AccountKey"]
        ),
        Case(
            testDescription: "two stores",
            changes: ["STORAGE_DIRECTORY": "/tmp/messages"],
            words: ["AZURE_STORAGE_CONNECTION_STRING", "STORAGE_DIRECTORY"]
        ),
        Case(
            testDescription: "no store",
            changes: ["AZURE_STORAGE_CONNECTION_STRING": nil],
            words: ["AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_ACCOUNT_URL", "STORAGE_DIRECTORY"]
        ),
        Case(testDescription: "a number that is none", changes: ["CONCURRENCY": "abc"], words: ["CONCURRENCY", "abc"]),
        Case(testDescription: "a number out of range", changes: ["CONCURRENCY": "0"], words: ["CONCURRENCY"]),
        Case(testDescription: "a size that is none", changes: ["BUFFER_MEMORY": "8 GB"], words: ["BUFFER_MEMORY"]),
        Case(
            testDescription: "a password without a shared key",
            changes: ["MESH_SHARED_KEY": nil],
            words: ["MESH_SHARED_KEY", "MESH_PASSWORD"]
        ),
        Case(
            testDescription: "no secrets for a host that is not loopback",
            changes: [
                "MESH_SHARED_KEY": nil, "MESH_PASSWORD": nil, "MESH_BASE_URL": "https://mesh.example.test",
            ],
            words: ["MESH_PASSWORD", "MESH_SHARED_KEY", "mesh.example.test"]
        ),
        Case(
            testDescription: "a file that is not there",
            changes: ["MESH_PASSWORD": nil, "MESH_PASSWORD_FILE": "/nowhere/password"],
            words: ["MESH_PASSWORD_FILE", "/nowhere/password"]
        ),
        Case(
            testDescription: "a setting twice",
            changes: ["MESH_PASSWORD_FILE": "/nowhere/password"],
            words: ["MESH_PASSWORD", "MESH_PASSWORD_FILE"]
        ),
        Case(
            testDescription: "a container name that no service takes",
            changes: ["AZURE_STORAGE_CONTAINER_NAME": "Mesh_Messages"],
            words: ["AZURE_STORAGE_CONTAINER_NAME"]
        ),
    ]

    @Test(arguments: cases) func oneLineSaysWhatIsWrong(wrong: Case) async throws {
        try await withScene([MESHMessage("ABC0001", text: "data")]) { scene in
            let run = try await scene.run([], wrong.changes)
            run.expectStatus(78)
            #expect(run.outcome == "failed")
            run.expectOneError("setting is not usable", naming: wrong.words)
            #expect(scene.mesh.http.requests.isEmpty)
            #expect(scene.store.http.requests.isEmpty)
        }
    }

    @Test func noSettingsAtAllIsAboutTheStoreThatIsMissing() async throws {
        let run = try await Program().job([], [:])
        run.expectStatus(78)
        run.expectOneError("setting is not usable", naming: ["STORAGE_DIRECTORY", "AZURE_STORAGE_CONNECTION_STRING"])
    }

    @Test func allProblemsAreSaidAtOnce() async throws {
        let run = try await Program().job(
            [],
            [
                "CONCURRENCY": "abc", "RETRY_ATTEMPTS": "none", "MESH_PASSWORD": "only-the-password",
                "TZ": "Nowhere/Land",
            ]
        )
        run.expectStatus(78)
        let errors = run.lines("setting is not usable").compactMap { $0["setting"] }
        #expect(Set(errors).isSuperset(of: ["CONCURRENCY", "RETRY_ATTEMPTS", "TZ"]))
        #expect(run.summary[list: "problems"]?.count == errors.count)
    }

    @Test func aMisspeltSettingIsAWarning() async throws {
        try await withScene { scene in
            let run = try await scene.run([], ["MESH_WORKFLOW_FLITER": "X"])
            run.expectStatus(0)
            #expect(run.complaints.map(\.level) == ["WARNING"])
            #expect(run.complaints.first?.explanation.contains("MESH_WORKFLOW_FILTER") == true)
        }
    }
}
