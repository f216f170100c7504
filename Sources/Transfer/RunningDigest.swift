import Blocks
import Digests

/// The SHA-256 of a message's blocks, computed in their order while they are stored.
final class RunningDigest {
    private var last: Task<SHA256, Never>?

    /// Begins with the next block, which must not change until the task has ended.
    func add(_ block: Block) -> Task<SHA256, Never> {
        let before = last
        let next = Task(executorPreference: globalConcurrentExecutor) {
            var digest = await before?.value ?? SHA256()
            digest.update(block.bytes)
            return digest
        }
        last = next
        return next
    }

    /// The digest of all blocks so far.
    func finish() async -> SHA256.Digest {
        (await last?.value ?? SHA256()).finish()
    }
}
