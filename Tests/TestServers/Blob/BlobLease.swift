/// The lease of a blob. <https://learn.microsoft.com/rest/api/storageservices/lease-blob>
struct BlobLease {
    enum State: Equatable {
        case available
        /// Without an end the lease is infinite.
        case leased(id: String, duration: Int, end: Int?)
        case expired(id: String, duration: Int)
        case breaking(id: String, end: Int)
        case broken(id: String)
    }

    private var stored = State.available

    /// The state at a time, since leases end by themselves.
    func state(_ now: Int) -> State {
        switch stored {
        case .leased(let id, let duration, let end?) where end <= now: .expired(id: id, duration: duration)
        case .breaking(let id, let end) where end <= now: .broken(id: id)
        default: stored
        }
    }

    /// The values of x-ms-lease-state and x-ms-lease-status.
    func names(_ now: Int) -> (state: String, status: String) {
        switch state(now) {
        case .available: ("available", "unlocked")
        case .leased: ("leased", "locked")
        case .expired: ("expired", "unlocked")
        case .breaking: ("breaking", "locked")
        case .broken: ("broken", "unlocked")
        }
    }

    /// Checks the lease id of a write, and of a read that has one.
    func check(_ id: String?, isWrite: Bool, now: Int) throws(BlobError) {
        switch (state(now), id) {
        case (.leased(let own, _, _), let id?), (.breaking(let own, _), let id?):
            guard own == id.lowercased() else {
                throw BlobError(
                    412,
                    "LeaseIdMismatchWithBlobOperation",
                    "The lease ID specified did not match the lease ID for the blob."
                )
            }
        case (.leased, nil), (.breaking, nil):
            guard !isWrite else {
                throw BlobError(
                    412,
                    "LeaseIdMissing",
                    "There is currently a lease on the blob and no lease ID was specified in the request."
                )
            }
        case (.available, _?):
            throw BlobError(412, "LeaseNotPresentWithBlobOperation", "There is currently no lease on the blob.")
        case (.expired, _?), (.broken, _?):
            throw BlobError(412, "LeaseLost", "A lease ID was specified, but the lease for the blob has expired.")
        case (_, nil):
            break
        }
    }

    /// A write without the lease ends what was left of an expired or broken one.
    mutating func noteWrite(now: Int) {
        switch state(now) {
        case .expired, .broken: stored = .available
        default: break
        }
    }

    /// - Parameter duration: 15 to 60 seconds, or -1.
    mutating func acquire(id: String, duration: Int, now: Int) throws(BlobError) {
        switch state(now) {
        case .leased(let own, _, _) where own != id:
            throw BlobError(409, "LeaseAlreadyPresent", "There is already a lease present.")
        case .breaking:
            throw BlobError(
                409,
                "LeaseIsBreakingAndCannotBeAcquired",
                "The lease is breaking and can't be acquired until it is broken."
            )
        default:
            stored = .leased(id: id, duration: duration, end: duration < 0 ? nil : now + duration)
        }
    }

    mutating func renew(id: String, now: Int) throws(BlobError) {
        switch state(now) {
        case .leased(id, let duration, _), .expired(id, let duration):
            stored = .leased(id: id, duration: duration, end: duration < 0 ? nil : now + duration)
        case .broken(id), .breaking(id, _):
            throw BlobError(
                409,
                "LeaseIsBrokenAndCannotBeRenewed",
                "The lease has been broken explicitly and cannot be renewed."
            )
        default:
            throw Self.mismatch(state(now))
        }
    }

    mutating func change(from id: String, to newID: String, now: Int) throws(BlobError) {
        switch state(now) {
        case .leased(let own, let duration, let end) where own == id || own == newID:
            stored = .leased(id: newID, duration: duration, end: end)
        case .breaking(id, _):
            throw BlobError(409, "LeaseIsBreakingAndCannotBeChanged", "The lease is breaking and can't be changed.")
        default:
            throw Self.mismatch(state(now))
        }
    }

    mutating func release(id: String, now: Int) throws(BlobError) {
        switch state(now) {
        case .leased(id, _, _), .expired(id, _), .breaking(id, _), .broken(id): stored = .available
        default: throw Self.mismatch(state(now))
        }
    }

    /// - Parameter period: 0 to 60 seconds, nil for what is left of the lease.
    /// - Returns: how many seconds the lease goes on.
    mutating func breakLease(period: Int?, now: Int) throws(BlobError) -> Int {
        switch state(now) {
        case .available:
            throw BlobError(409, "LeaseNotPresentWithLeaseOperation", "There is currently no lease on the blob.")
        case .leased(let id, _, let end):
            let left = end.map { $0 - now } ?? period ?? 0
            let time = min(period ?? left, left)
            stored = time > 0 ? .breaking(id: id, end: now + time) : .broken(id: id)
            return time
        case .breaking(let id, let end):
            let time = min(period ?? end - now, end - now)
            stored = time > 0 ? .breaking(id: id, end: now + time) : .broken(id: id)
            return time
        case .expired(let id, _), .broken(let id):
            stored = .broken(id: id)
            return 0
        }
    }

    private static func mismatch(_ state: State) -> BlobError {
        state == .available
            ? BlobError(409, "LeaseNotPresentWithLeaseOperation", "There is currently no lease on the blob.")
            : BlobError(
                409,
                "LeaseIdMismatchWithLeaseOperation",
                "The lease ID specified did not match the lease ID for the blob."
            )
    }
}
