import StoreConformance
import Testing
import Transfer

@testable import LocalDirectory

@Suite struct StateTests {
    private let directory = TemporaryDirectory()

    @Test func replacesAFileOfStateWhole() async throws {
        let store = directory.store()
        #expect(try await store.state("X26ABC1.json") == nil)
        for content in [Array(repeating: UInt8(7), count: 100_000), [], Array("{}".utf8)] {
            try await store.setState("X26ABC1.json", to: content)
            #expect(try await directory.store().state("X26ABC1.json") == content)
        }
        #expect(directory.files().sorted() == [".poll-mesh-inbox/X26ABC1.json", ".poll-mesh-inbox/in-use.lock"])
    }

    @Test func oneAtATimeHasALock() async throws {
        let (first, second) = (directory.store(), directory.store())
        var lock = try await first.lock("X26ABC1.lock")
        #expect(lock != nil)
        #expect(try await second.lock("X26ABC1.lock") == nil)
        #expect(try await first.lock("X26ABC1.lock") == nil)
        #expect(try await second.lock("X26ABC2.lock") != nil)
        lock = nil
        #expect(try await second.lock("X26ABC1.lock") != nil)
    }

    @Test(arguments: ["", "..", "a/b", "tmp", "in-use.lock"])
    func takesNoNameThatIsReserved(name: String) async throws {
        let store = directory.store()
        // Outside of #expect: within its arguments the compiler (6.3) confuses closures of one shape.
        let locking = await failure { () throws(Failure) in _ = try await store.lock(name) }
        let reading = await failure { () throws(Failure) in _ = try await store.state(name) }
        let writing = await failure { () throws(Failure) in try await store.setState(name, to: []) }
        #expect([locking, reading, writing].map { $0?.type } == Array(repeating: "invalid_name", count: 3))
    }
}
