import ProgramFixture
import TestServers
import Testing

/// Within a BSO, names sort as the inbox does (promise P10), whatever order the answers come in.
struct NamesInOrderTests {
    @Test(.tags(.slow), arguments: ["message-id", "file-name"])
    func namesSortAsTheInboxDoes(source: String) async throws {
        let ids = (1...20).map { number in "ABC" + String(1000 + number) }
        let messages = ids.map { id in
            var message = MESHMessage(id, text: id)
            message.fileName = "abc_\(id).dat"
            return message
        }
        for repetition in 1...50 {
            try await withScene(messages) { scene in
                let delay: @Sendable () async -> Void = {
                    try? await Task.sleep(for: .microseconds(Int.random(in: 0...4000)))
                }
                scene.mesh.http.setFault { _ in .before(delay) }
                scene.store.http.setFault { _ in .before(delay) }
                let run = try await scene.run([], ["BSO_CODE_SOURCE": source, "CONCURRENCY": "16"])
                run.expectStatus(0)
                let order = scene.names.map { name in
                    String(decoding: scene.content(name) ?? [], as: UTF8.self)
                }
                #expect(order == ids, "repetition \(repetition)")
            }
        }
    }
}
