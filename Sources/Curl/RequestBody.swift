package import Blocks

/// The content of a request. It is sent from where it lies, again from its start if need be.
package enum RequestBody: Sendable {
    case none
    case bytes([UInt8])
    /// The filled bytes of a block, which must not change until the exchange has ended.
    case block(Block)
}
