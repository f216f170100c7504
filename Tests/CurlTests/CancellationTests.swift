import Blocks
import Curl
import HTTPTypes
import Synchronization
import TestServers
import Testing

@Suite(.timeLimit(.minutes(2)))
struct CancellationTests {
    @Test func endsTheWaitForTheHead() async throws {
        let (arrived, gate) = (Gate(), Gate())
        defer { gate.open() }
        try await withWire { request in
            if request.number == 1 {
                arrived.open()
                await gate.wait()
            }
            return HTTPServer.Response(200)
        } run: { wire in
            let task = Task { try await failure { try await wire.client.perform(wire.request()) } }
            await arrived.wait()
            task.cancel()
            let error = try await task.value
            #expect(error.kind == .cancelled)
            #expect(error.requestMayHaveBeenSent)
            #expect(try await wire.client.perform(wire.request()).response.status == .ok)
        }
    }

    @Test func endsTheWaitForTheBody() async throws {
        let (reading, latch) = (Gate(), Latch())
        try await withWire { _ in
            HTTPServer.Response(200, body: .stalling(at: latch, length: 1 << 20))
        } run: { wire in
            defer { latch.open() }
            let block = Block(capacity: 1 << 20)
            let task = Task {
                let exchange = try await wire.client.send(wire.request())
                reading.open()
                return try await failure { try await exchange.read(into: block) }
            }
            await reading.wait()
            task.cancel()
            #expect(try await task.value.kind == .cancelled)
            // Nobody writes to the block any more.
            block.clear()
            latch.open()
            let (_, body) = try await wire.client.answer(wire.request())
            #expect(body.count == 1 << 20)
            #expect(block.isEmpty)
        }
    }

    @Test func sendsNothingForATaskThatIsCancelledAlready() async throws {
        try await withWire { _ in
            HTTPServer.Response(200)
        } run: { wire in
            let cancelled = Gate()
            let task = Task {
                await cancelled.wait()
                return try await failure { try await wire.client.perform(wire.request()) }
            }
            task.cancel()
            cancelled.open()
            let error = try await task.value
            #expect(error.kind == .cancelled)
            #expect(!error.requestMayHaveBeenSent)
            #expect(wire.server.requests.isEmpty)
        }
    }

    /// At any instant of a transfer: it ends whole or as cancelled, and the block is the caller's again.
    @Test func racesWithCompletion() async throws {
        let length = 300_000
        try await withWire { _ in
            HTTPServer.Response(200, body: .repeating([1], length: length))
        } run: { wire in
            var outcomes = [0, 0]
            for round in 0..<400 {
                let block = Block(capacity: length + 1)
                let arrived = Gate()
                let task = Task { () -> Bool in
                    do throws(CurlError) {
                        if round % 3 == 0 { arrived.open() }
                        let exchange = try await wire.client.send(wire.request())
                        arrived.open()
                        let ended = try await exchange.read(into: block) != nil
                        #expect(ended && block.count == length)
                        return true
                    } catch {
                        arrived.open()
                        #expect(error.kind == .cancelled, "\(error)")
                        return false
                    }
                }
                await arrived.wait()
                for _ in 0..<(round * 7 % 50) { await Task.yield() }
                task.cancel()
                outcomes[await task.value ? 1 : 0] += 1
                let count = block.count
                block.clear()
                #expect(block.isEmpty && count <= length)
            }
            #expect(outcomes[0] > 0)
            let (_, body) = try await wire.client.answer(wire.request())
            #expect(body.count == length)
        }
    }

    @Test(arguments: [false, true])
    func givesUpAnExchangeThatNobodyHolds(explicitly: Bool) async throws {
        let abandoned = Gate()
        try await withWire { request in
            guard request.number == 1 else { return HTTPServer.Response(200) }
            let sentinel = Sentinel(abandoned)
            return HTTPServer.Response(
                200,
                body: .generated(length: 1_000_000_000) { _, buffer in
                    withExtendedLifetime(sentinel) { _ = buffer.initializeMemory(as: UInt8.self, repeating: 0) }
                }
            )
        } run: { wire in
            let exchange = try await wire.client.send(wire.request())
            if explicitly {
                exchange.cancel()
                let error = try await failure { try await readAll(exchange, blockSize: 1 << 20) }
                #expect(error.kind == .cancelled)
            } else {
                _ = consume exchange
            }
            // The server's thread lets go of the body when its connection breaks.
            await abandoned.wait()
            #expect(try await wire.client.perform(wire.request()).response.status == .ok)
        }
    }
}
