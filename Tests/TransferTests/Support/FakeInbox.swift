import Blocks
import Synchronization
import Transfer

/// A mailbox in memory. What goes wrong is decided by `fault`, for each call.
final class FakeInbox: Inbox {
    struct Message: Sendable {
        var id: MessageID
        var chunks: [[UInt8]]
        var attributes: MessageAttributes
        var total: Int

        init(_ id: String, _ chunks: [[UInt8]] = [[1]], _ values: [String: String] = [:], total: Int? = nil) {
            self.id = MessageID(id)
            self.chunks = chunks
            self.attributes = MessageAttributes(values: values)
            self.total = total ?? chunks.count
        }
    }

    enum Call: Hashable, Sendable {
        case handshake
        case list
        case download(MessageID, Int)
        case read(MessageID, Int)
        case acknowledge(MessageID)
    }

    private struct State {
        var messages: [Message]
        var acknowledged: [MessageID] = []
        var calls: [Call] = []
    }

    let pageSize: Int
    let pages: (@Sendable (PageLink?) -> InboxPage)?
    private let state: Mutex<State>
    private let fault: @Sendable (Call, _ nth: Int) async -> Failure?

    init(
        _ messages: [Message],
        pageSize: Int = 500,
        fault: @escaping @Sendable (Call, Int) async -> Failure? = { _, _ in nil }
    ) {
        state = Mutex(State(messages: messages))
        self.pageSize = pageSize
        self.pages = nil
        self.fault = fault
    }

    init(_ messages: [Message], pages: @escaping @Sendable (PageLink?) -> InboxPage) {
        state = Mutex(State(messages: messages))
        self.pageSize = 500
        self.pages = pages
        self.fault = { _, _ in nil }
    }

    var acknowledged: [MessageID] { state.withLock { $0.acknowledged } }
    var calls: [Call] { state.withLock { $0.calls } }

    func count(_ call: Call) -> Int { calls.filter { $0 == call }.count }

    func note(_ call: Call) async throws(Failure) {
        let nth = state.withLock { state in
            state.calls.append(call)
            return state.calls.count { $0 == call }
        }
        if let failure = await fault(call, nth) { throw failure }
    }

    func handshake() async throws(Failure) { try await note(.handshake) }

    func page(at link: PageLink?) async throws(Failure) -> InboxPage {
        try await note(.list)
        if let pages { return pages(link) }
        return state.withLock { state in
            let start = link.flatMap { Int($0.target) } ?? 0
            let waiting = state.messages.map(\.id).filter { !state.acknowledged.contains($0) }
            let ids = Array(waiting.dropFirst(start).prefix(pageSize))
            return InboxPage(ids: ids, next: start + ids.count < waiting.count ? PageLink("\(start + ids.count)") : nil)
        }
    }

    func download(
        _ id: MessageID,
        chunk number: Int,
        as form: ContentForm
    ) async throws(Failure) -> any MessageChunk {
        try await note(.download(id, number))
        let message = state.withLock { state in state.messages.first { $0.id == id } }
        guard let message, number <= message.chunks.count else { throw .test(.gone) }
        return FakeChunk(inbox: self, message: message, number: number, form: form)
    }

    func acknowledge(_ id: MessageID) async throws(Failure) {
        try await note(.acknowledge(id))
        state.withLock { $0.acknowledged.append(id) }
    }
}

/// Gives a chunk's bytes; a fault for `.read` comes after half of them.
final class FakeChunk: MessageChunk {
    let head: ChunkHead
    private let inbox: FakeInbox
    private let message: FakeInbox.Message
    private let number: Int
    private let offset: Mutex<Int>
    private let form: ContentForm

    init(inbox: FakeInbox, message: FakeInbox.Message, number: Int, form: ContentForm) {
        self.form = form
        self.inbox = inbox
        self.message = message
        self.number = number
        offset = Mutex(0)
        head = ChunkHead(
            number: number,
            total: message.total,
            contentLength: message.chunks[number - 1].count,
            isCompressed: false,
            attributes: message.attributes
        )
    }

    func read(into block: Block, scratch: Block?) async throws(Failure) -> Bool {
        let content = message.chunks[number - 1]
        do throws(Failure) {
            if form == .content { try await inbox.note(.read(message.id, number)) }
        } catch {
            let half = max(offset.withLock { $0 }, content.count / 2)
            give(content[..<half], to: block)
            throw error
        }
        give(content[...], to: block)
        return offset.withLock { $0 } == content.count
    }

    private func give(_ content: ArraySlice<UInt8>, to block: Block) {
        offset.withLock { offset in
            content[offset...].withUnsafeBytes { offset += block.append($0) }
        }
    }

    func cancel() {}
}

extension Failure {
    static func test(_ kind: Kind, service: Service = .mesh, retryAfter: Duration? = nil) -> Failure {
        Failure(service: service, kind: kind, type: "test", message: "A test made this fail.", retryAfter: retryAfter)
    }
}
