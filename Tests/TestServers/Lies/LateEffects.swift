import Synchronization

/// Requests that were read whole and take effect only when a test lets them: after the connection was cut, after the
/// client gave up, or after its process ended.
///
///     let late = LateEffects()
///     store.http.setFault { $0.method == "PUT" ? .lie(late.lie()) : nil }
///     ...
///     late.happen()
package final class LateEffects: Sendable {
    private let waiting = Mutex<[Lie.Truth]>([])

    package init() {}

    /// How many requests wait for their effect.
    package var count: Int { waiting.withLock { $0.count } }

    /// Keeps the request for later.
    /// - Parameter delivery: what the client sees meanwhile; nothing at all unless another one is given.
    package func lie(_ delivery: HTTPServer.Delivery = .rawThenOpen([])) -> Lie {
        Lie("an effect that comes late") { [self] _, truth in
            waiting.withLock { $0.append(truth) }
            return HTTPServer.Response(0, delivery: delivery)
        }
    }

    /// Lets what waits take effect, in the order in which it came.
    /// - Returns: what the service would have answered.
    @discardableResult
    package func happen() -> [HTTPServer.Response] {
        let effects = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        return effects.map { $0() }
    }
}
