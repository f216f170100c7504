extension HTTPServer {
    /// What goes wrong with one request. Faults combine with ``and(_:)``.
    ///
    ///     server.setFault { request in
    ///         request.number == 7 ? .before { process.kill() }.and(.closeBeforeHandling) : nil
    ///     }
    package struct Fault: Sendable {
        typealias Moment = @Sendable () async -> Void

        var bodyCut: Int?
        var before: Moment?
        var lie: Lie?
        var after: Moment?
        var replacement: Response?
        var delivery: Delivery?

        /// Runs when the request was read, before it is handled.
        package static func before(_ moment: @escaping @Sendable () async -> Void) -> Fault {
            Fault(before: moment)
        }

        /// Runs when the request was handled, before it is answered.
        package static func after(_ moment: @escaping @Sendable () async -> Void) -> Fault {
            Fault(after: moment)
        }

        /// Closes the connection when some bytes of the request's body were read; nothing is handled.
        package static func closeWhileReading(after bytes: Int) -> Fault { Fault(bodyCut: bytes) }

        /// Closes the connection when the request was read; nothing is handled.
        package static let closeBeforeHandling = lie(.instead(Response(0, delivery: .nothing)))

        /// Handles the request and closes the connection without an answer.
        package static let closeAfterHandling = Fault(delivery: .nothing)

        /// Answers this without handling the request.
        package static func answer(_ response: Response) -> Fault { lie(.instead(response)) }

        /// Handles the request, then answers this.
        package static func answerAfterHandling(_ response: Response) -> Fault { Fault(replacement: response) }

        /// Handles the request and delivers its answer in another way than whole.
        package static func deliver(_ delivery: Delivery) -> Fault { Fault(delivery: delivery) }

        /// Answers with a lie, which decides whether the request is handled.
        package static func lie(_ lie: Lie) -> Fault { Fault(lie: lie) }

        /// Neither handles nor answers until the gate opens.
        package static func hang(_ gate: Gate) -> Fault { .before { await gate.wait() } }

        /// Handles the request and doesn't answer until the gate opens.
        package static func hangAfterHandling(_ gate: Gate) -> Fault { .after { await gate.wait() } }

        /// Both faults; where they contradict each other, the other one counts.
        package func and(_ other: Fault) -> Fault {
            Fault(
                bodyCut: other.bodyCut ?? bodyCut,
                before: Self.both(before, other.before),
                lie: other.lie ?? lie,
                after: Self.both(after, other.after),
                replacement: other.replacement ?? replacement,
                delivery: other.delivery ?? delivery
            )
        }

        private static func both(_ first: Moment?, _ second: Moment?) -> Moment? {
            guard let first, let second else { return first ?? second }
            return {
                await first()
                await second()
            }
        }
    }
}
