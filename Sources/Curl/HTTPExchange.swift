package import Blocks
import HTTPTypes

/// A request and the response to it, whose head has arrived. Used by one task at a time; letting go of it gives up
/// the rest of the response.
package final class HTTPExchange: Sendable {
    private let core: ExchangeCore
    /// The head.
    package let response: Response

    init(core: ExchangeCore, response: Response) {
        self.core = core
        self.response = response
    }

    deinit {
        core.cancel()
    }

    /// Fills the block's room from the response.
    /// - Returns: how the body ended; `nil` when the block is full and more may follow.
    package func read(into block: Block) async throws(CurlError) -> BodyEnd? {
        try await core.read(into: block)
    }

    /// Reads the body from its start.
    /// - Parameter limit: the bytes to keep. When more come, the connection is closed and the end is ``BodyEnd/cutOff``.
    package func collect(limit: Int) async throws(CurlError) -> (bytes: [UInt8], end: BodyEnd) {
        var content: [UInt8] = []
        let declared = response.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        let block = Block(capacity: min(max(declared, 512), 65_536))
        while true {
            block.clear()
            let end = try await core.read(into: block)
            let room = limit - content.count
            content.append(contentsOf: block.bytes.prefix(room))
            if block.count > room {
                core.cancel()
                return (content, .cutOff)
            }
            if let end { return (content, end) }
        }
    }

    /// Gives up the rest of the response.
    package func cancel() {
        core.cancel()
    }
}
