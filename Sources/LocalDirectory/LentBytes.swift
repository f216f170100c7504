import Blocks

/// The bytes of a block that another task holds, for a thread that may outlast that task's patience.
///
/// Safe to send: the memory lives as long as this, and its place and length are taken while the block is held. Its content may
/// change once the job was abandoned; then nothing reads it but a system call, into a file that is never given a name. See
/// ``Abandonment``.
struct LentBytes: @unchecked Sendable {
    private let block: Block
    private let bytes: UnsafeRawBufferPointer

    /// To be made where the block is held.
    init(_ block: Block) {
        self.block = block
        self.bytes = block.bytes
    }

    var count: Int { bytes.count }

    func write(to file: TemporaryFile, at offset: UInt64) throws(SystemError) {
        try withExtendedLifetime(block) { () throws(SystemError) in try file.write(bytes, at: offset) }
    }
}
