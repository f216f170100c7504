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

    /// Whether the response says where it ends. One that ends with its connection can't be told from one cut short.
    package var isFramed: Bool {
        response.headerFields[.contentLength] != nil || response.headerFields[.transferEncoding] != nil
    }

    /// Fills the block's room from the response.
    /// - Returns: true when the response ended, complete by its own framing; false when the block is full.
    package func read(into block: Block) async throws(CurlError) -> Bool {
        try await core.read(into: block)
    }

    /// Drops that many bytes of the body before any is given out. Called before the first read.
    package func skip(_ count: Int) {
        if count > 0 { core.skip(count) }
    }

    /// The bytes that are still to be dropped.
    package var remainingToSkip: Int { core.remainingToSkip }

    /// Reads what is left of the body.
    /// - Parameter limit: the bytes to keep; what follows is read and dropped.
    package func collect(limit: Int = 1 << 20) async throws(CurlError) -> [UInt8] {
        var content: [UInt8] = []
        let declared = response.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        let block = Block(capacity: min(max(declared, 512), 65_536))
        while true {
            block.clear()
            let ended = try await core.read(into: block)
            content.append(contentsOf: block.bytes.prefix(limit - content.count))
            if ended { return content }
        }
    }

    /// Gives up the rest of the response.
    package func cancel() {
        core.cancel()
    }
}
