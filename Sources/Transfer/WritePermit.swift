/// Leave to do what only the holder of the lease may do.
///
/// A store asks for it when everything else is in hand (token, connection, content), right before the first byte of the request
/// goes out, and again for each try.
package struct WritePermit: Sendable {
    private let verify: @Sendable () throws(Failure) -> Void

    package init(_ verify: @escaping @Sendable () throws(Failure) -> Void) {
        self.verify = verify
    }

    /// For what needs no lease.
    package static let always = WritePermit { () throws(Failure) in }

    /// - Throws: why it must not be done any more.
    package func check() throws(Failure) {
        try verify()
    }

    package var isGiven: Bool {
        do {
            try check()
            return true
        } catch {
            return false
        }
    }
}
