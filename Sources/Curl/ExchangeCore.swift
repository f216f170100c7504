import Blocks
import Synchronization

/// What the task that waits and the loop that receives share about one exchange.
final class ExchangeCore: Sendable {
    /// Bytes that arrive while no block is offered are kept up to here, then the transfer pauses.
    static let spillLimit = 128 << 10

    fileprivate enum Phase {
        case waiting
        case ended(BodyEnd)
        case failed(CurlError)
    }

    fileprivate struct State {
        var phase = Phase.waiting
        var response: Response?
        /// What arrived while no block was offered, from `spillStart` on.
        var spill: [UInt8] = []
        var spillStart = 0
        /// The block that is being filled; the waiter gets it back.
        var destination: Block?
        var waiter: CheckedContinuation<Void, Never>?
        var waitsForHead = false
        var isPaused = false
        var isCancelled = false
    }

    let host: String
    private let engine: HTTPEngine
    private let state = Mutex(State())

    init(host: String, engine: HTTPEngine) {
        self.host = host
        self.engine = engine
    }
}

// The side of the waiting task.
extension ExchangeCore {
    func start(_ request: OutgoingRequest) async throws(CurlError) -> Response {
        await wait { state in
            state.waitsForHead = true
            return .start(self, request)
        }
        return try state.withLock { state throws(CurlError) in
            if let response = state.response { return response }
            if case .failed(let error) = state.phase { throw error }
            preconditionFailure("an exchange ends with a response or an error")
        }
    }

    /// - Returns: how the body ended; `nil` when the block is full.
    func read(into block: Block) async throws(CurlError) -> BodyEnd? {
        enum Step {
            case ended(BodyEnd)
            case full, wait
        }
        let step = try state.withLock { state throws(CurlError) -> Step in
            state.drainSpill(into: block)
            if state.spill.isEmpty {
                switch state.phase {
                case .ended(let end): return .ended(end)
                case .failed(let error): throw error
                case .waiting: break
                }
            }
            return block.isFull ? .full : .wait
        }
        switch step {
        case .ended(let end): return end
        case .full: return nil
        case .wait: break
        }
        await wait { state in
            state.destination = block
            guard state.isPaused else { return nil }
            state.isPaused = false
            return .resume(self)
        }
        return try state.withLock { state throws(CurlError) in
            guard state.spill.isEmpty else { return nil }
            switch state.phase {
            case .ended(let end): return end
            case .failed(let error): throw error
            case .waiting: return nil
            }
        }
    }

    func cancel() {
        let isActive = state.withLock { state in
            guard case .waiting = state.phase, !state.isCancelled else { return false }
            state.isCancelled = true
            return true
        }
        if isActive {
            engine.submit(.cancel(self))
        }
    }

    /// Waits until the loop wakes this exchange; a cancelled task cancels the exchange, whose end then wakes it.
    private func wait(_ prepare: (inout sending State) -> HTTPEngine.Command?) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (command, isOver) = state.withLock { state -> (HTTPEngine.Command?, Bool) in
                    // Between the caller's look and this one the loop may have gone on.
                    let command = prepare(&state)
                    if let block = state.destination {
                        state.drainSpill(into: block)
                    }
                    var isOver = state.destination?.isFull ?? false
                    if case .waiting = state.phase {} else { isOver = true }
                    if isOver {
                        state.destination = nil
                        return (command, true)
                    }
                    state.waiter = continuation
                    return (command, false)
                }
                if let command {
                    engine.submit(command)
                }
                if isOver {
                    continuation.resume()
                }
            }
        } onCancel: {
            cancel()
        }
    }
}

// The side of the loop.
extension ExchangeCore {
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Whether the reader keeps the transfer waiting.
    var isPaused: Bool { state.withLock { $0.isPaused } }

    enum Acceptance {
        case taken
        case paused
        case refused
    }

    /// Takes bytes of the body: into the offered block, and what doesn't fit there aside.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Acceptance {
        let (acceptance, waiter) = state.withLock {
            state -> (Acceptance, CheckedContinuation<Void, Never>?) in
            if state.isCancelled { return (.refused, nil) }
            var rest = bytes
            if let block = state.destination {
                let copied = block.append(rest)
                rest = UnsafeRawBufferPointer(rebasing: rest[copied...])
                if !block.isFull { return (.taken, nil) }
                state.destination = nil
                state.spill.append(contentsOf: rest)
                return (.taken, state.takeWaiter())
            }
            if !state.spill.isEmpty && state.spill.count + rest.count > Self.spillLimit {
                state.isPaused = true
                return (.paused, nil)
            }
            state.spill.append(contentsOf: rest)
            return (.taken, nil)
        }
        waiter?.resume()
        return acceptance
    }

    func setHead(_ response: Response) {
        state.withLock { $0.response = response }
    }

    /// Wakes who waits for the head, if it is there.
    func publishHead() {
        let waiter = state.withLock { state in
            state.waitsForHead && state.response != nil ? state.takeWaiter() : nil
        }
        waiter?.resume()
    }

    /// Ends the exchange, and wakes who waits.
    func end(_ result: Result<BodyEnd, CurlError>) {
        let waiter = state.withLock { state in
            switch result {
            case .success(let end): state.phase = .ended(end)
            case .failure(let error): state.phase = .failed(error)
            }
            state.destination = nil
            return state.takeWaiter()
        }
        waiter?.resume()
    }
}

extension ExchangeCore.State {
    fileprivate mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
        defer { waiter = nil }
        waitsForHead = false
        return waiter
    }

    /// Moves what was kept aside into the block, as far as there is room.
    fileprivate mutating func drainSpill(into block: Block) {
        guard !spill.isEmpty else { return }
        let start = spillStart
        spillStart += spill.withUnsafeBytes { bytes in
            block.append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
        forgetDrainedSpill()
    }

    fileprivate mutating func forgetDrainedSpill() {
        if spillStart == spill.count {
            spill.removeAll(keepingCapacity: true)
            spillStart = 0
        }
    }
}
