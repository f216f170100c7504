import ProgramFixture
import TestServers
import Testing

/// Memory does not grow with what servers answer (promise P5), also where that is no content.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AnswerMemoryTests {
    /// In MiB, of the whole process.
    private static let memoryLimit = 96
    private static let length = 15 << 20

    private static let messages = (1...40).map { MESHMessage("ABC\(1000 + $0)", text: "content \($0)") }
    private static let settings: [String: String?] = ["CONCURRENCY": "40", "RETRY_ATTEMPTS": "1"]

    private func expectLittleMemory(
        _ scene: Scene,
        statuses: Set<Int32>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let (run, peak) = try await scene.measure(Self.settings, limit: .seconds(60), sourceLocation: sourceLocation)
        #expect(statuses.contains(run.status), "\(run.summary.source)", sourceLocation: sourceLocation)
        #expect(peak < Self.memoryLimit << 10, "\(peak) KiB", sourceLocation: sourceLocation)
    }

    @Test(arguments: [RequestKind.download, .acknowledgement], [500, 403])
    func largeErrorsOfMESHTakeLittle(kind: RequestKind, status: Int) async throws {
        try await withScene(Self.messages) { scene in
            let lie = Lie.largeJSON(status, length: Self.length)
            scene.mesh.http.setFault { $0.isA(kind) ? .lie(lie) : nil }
            try await expectLittleMemory(scene, statuses: [69, 75, 77])
        }
    }

    @Test func largeAcknowledgementsTakeLittle() async throws {
        try await withScene(Self.messages) { scene in
            let lie = Lie.largeJSON(200, length: Self.length).afterEffect
            scene.mesh.http.setFault { $0.isA(.acknowledgement) ? .lie(lie) : nil }
            try await expectLittleMemory(scene, statuses: [0, 69, 75])
        }
    }

    @Test func largeErrorsOfStorageTakeLittle() async throws {
        try await withScene(Self.messages) { scene in
            let lie = Lie.largeJSON(500, length: Self.length)
            scene.store.http.setFault { $0.isA(.putBlob) ? .lie(lie) : nil }
            try await expectLittleMemory(scene, statuses: [69, 75])
        }
    }

    @Test func aListingOfTinyValuesTakesLittle() async throws {
        try await withScene([MESHMessage("ABC0001", text: "content")]) { scene in
            let lie = Lie.listingOfTinyValues(length: Self.length)
            scene.mesh.http.setFault { $0.isA(.listing) ? .lie(lie) : nil }
            try await expectLittleMemory(scene, statuses: [0, 69])
        }
    }
}
