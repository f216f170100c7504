import Synchronization
import Transfer

/// One journal in memory, with a lease that one holder has at a time.
final class FakeJournals: JournalStore {
    enum Call: Hashable, Sendable {
        case take
        case read
        case write
        case renew
        case release
    }

    struct State {
        var content: [UInt8] = []
        var holder: String?
        var calls: [Call] = []
    }

    let state = Mutex(State())
    let duration: Duration?
    private let isOver: @Sendable () -> Bool
    private let fault: @Sendable (Call, _ nth: Int) async -> Failure?

    /// - Parameter isOver: whether the first holder's lease has run out.
    init(
        duration: Duration? = nil,
        holder: String? = nil,
        content: [UInt8] = [],
        isOver: (@Sendable () -> Bool)? = nil,
        fault: @escaping @Sendable (Call, Int) async -> Failure? = { _, _ in nil }
    ) {
        self.duration = duration
        self.isOver = isOver ?? { false }
        self.fault = fault
        state.withLock { $0.holder = holder }
        state.withLock { $0.content = content }
    }

    var text: String { String(decoding: state.withLock { $0.content }, as: UTF8.self) }
    var calls: [Call] { state.withLock { $0.calls } }
    var holder: String? { state.withLock { $0.holder } }

    var journal: Journal {
        get throws { try Journal(json: state.withLock { $0.content }) }
    }

    func note(_ call: Call) async throws(Failure) {
        let nth = state.withLock { state in
            state.calls.append(call)
            return state.calls.count { $0 == call }
        }
        if let failure = await fault(call, nth) { throw failure }
    }

    func takeJournal(
        of mailbox: String,
        holder: String,
        _ attempt: Attempt
    ) async throws(Failure) -> (any HeldJournal)? {
        try await note(.take)
        let isTaken = state.withLock { state in
            if state.holder == nil || isOver() { state.holder = holder }
            return state.holder == holder
        }
        return isTaken ? FakeHeldJournal(journals: self, holder: holder) : nil
    }
}

struct FakeHeldJournal: HeldJournal {
    let journals: FakeJournals
    let holder: String

    var name: BlobName { BlobName(".poll-mesh-inbox/BOX.json") }
    var leaseDuration: Duration? { journals.duration }

    func read(_ attempt: Attempt) async throws(Failure) -> [UInt8] {
        try await journals.note(.read)
        return journals.state.withLock { $0.content }
    }

    func write(_ content: [UInt8], _ attempt: Attempt) async throws(Failure) {
        try await journals.note(.write)
        let isHeld = journals.state.withLock { state in
            if state.holder == holder { state.content = content }
            return state.holder == holder
        }
        if !isHeld { throw .test(.lease, service: .storage) }
    }

    func renew(_ attempt: Attempt) async throws(Failure) {
        try await journals.note(.renew)
        if journals.holder != holder { throw .test(.lease, service: .storage) }
    }

    func release(_ attempt: Attempt) async throws(Failure) {
        try await journals.note(.release)
        journals.state.withLock { $0.holder = nil }
    }
}
