import Blocks
import Transfer

/// A mailbox whose every call is measured.
struct MeteredInbox: Inbox {
    let inbox: any Inbox
    let meter: RunMeter
    /// Told when the first page comes that shows a message.
    let showedMessages: @Sendable () -> Void

    func handshake() async throws(Failure) {
        let start = meter.now
        defer { meter.add(.handshake, since: start) }
        try await inbox.handshake()
    }

    func page(at link: PageLink?) async throws(Failure) -> InboxPage {
        let start = meter.now
        defer { meter.add(.list, since: start) }
        let page = try await inbox.page(at: link)
        if !page.ids.isEmpty { showedMessages() }
        return page
    }

    func download(
        _ id: MessageID,
        chunk number: Int,
        as form: ContentForm
    ) async throws(Failure) -> any MessageChunk {
        let start = meter.now
        do throws(Failure) {
            let chunk = try await inbox.download(id, chunk: number, as: form)
            return MeteredChunk(chunk, meter, spent: meter.now - start)
        } catch {
            meter.add(.download, since: start)
            throw error
        }
    }

    func acknowledge(_ id: MessageID) async throws(Failure) {
        let start = meter.now
        defer { meter.add(.acknowledge, since: start) }
        try await inbox.acknowledge(id)
    }
}
