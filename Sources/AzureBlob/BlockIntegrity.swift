internal import Synchronization

/// How the service's word on the content of blocks is had, learnt from its answers.
///
/// Every current service answers a block that came without Content-MD5 with the CRC-64 of what arrived. One that does
/// not is sent the Content-MD5 of this and all later blocks instead, which it checks itself.
final class BlockIntegrity: Sendable {
    private let answersWithoutChecksum = Atomic(false)

    /// Whether blocks have to carry their Content-MD5.
    var needsMD5: Bool { answersWithoutChecksum.load(ordering: .relaxed) }

    func requireMD5() {
        answersWithoutChecksum.store(true, ordering: .relaxed)
    }
}
