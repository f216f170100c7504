package import Blocks

/// A mailbox that messages are taken from. Every call is one attempt; the caller retries.
package protocol Inbox: Sendable {
    /// Proves that the mailbox lets us in.
    func handshake() async throws(Failure)

    /// Lists one page of the inbox, in inbox order.
    /// - Parameter link: the link of the page before, or `nil` for the first page.
    func page(at link: PageLink?) async throws(Failure) -> InboxPage

    /// Starts the download of one chunk, and returns when its head has arrived.
    /// - Parameters:
    ///   - number: 1 for the first; later ones are asked for only when the first said that there are more.
    ///   - form: decoded content, or the bytes as they came.
    func download(
        _ id: MessageID,
        chunk number: Int,
        as form: ContentForm
    ) async throws(Failure) -> any MessageChunk

    /// Takes the message out of the inbox for good. It is not an error to do so twice.
    func acknowledge(_ id: MessageID) async throws(Failure)
}

/// What is read of a message.
package enum ContentForm: Sendable {
    /// Its content, which has to be well-formed.
    case content
    /// The bytes of its body as they came, whatever is wrong with them: of a malformed message. It is one that MESH gave out
    /// whole in one answer, or whose chunks can be told.
    case asReceived
}

/// The id that the mailbox gave a message: opaque, never empty.
package struct MessageID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }
}

/// Where a next page is: opaque to everybody but the inbox that gave it.
package struct PageLink: Hashable, Sendable {
    package let target: String

    package init(_ target: String) {
        self.target = target
    }
}

/// One page of a listing.
package struct InboxPage: Sendable {
    package var ids: [MessageID]
    package var next: PageLink?
    /// How many messages the service thinks are waiting in all, where it says so.
    package var approximateCount: Int?

    package init(ids: [MessageID], next: PageLink? = nil, approximateCount: Int? = nil) {
        self.ids = ids
        self.next = next
        self.approximateCount = approximateCount
    }
}

/// One chunk that is being downloaded. Used by one task at a time.
package protocol MessageChunk: AnyObject, Sendable {
    /// What the response head said.
    var head: ChunkHead { get }

    /// Fills the block's room with decoded content.
    /// - Parameter scratch: an own block for encoded bytes; needed where ``ChunkHead/isCompressed``, ignored else. Without one a
    ///   compressed chunk fails with ``Failure/Kind/contentChanged``. It is the same one on each call, and is not touched by the caller in between.
    /// - Returns: true when the chunk ended and is proven whole (lengths met, gzip trailer valid); the block then holds
    ///   its last bytes. False when the block is full and more may follow.
    func read(into block: Block, scratch: Block?) async throws(Failure) -> Bool

    /// Gives up the rest.
    func cancel()
}

/// What the head of a chunk's response says.
package struct ChunkHead: Sendable {
    /// The chunk's own number, from 1, as the service states it.
    package var number: Int
    /// How many chunks the message has; 0 for a report.
    package var total: Int
    /// The bytes on the wire (encoded ones if compressed), where the service says so.
    package var contentLength: Int?
    /// Whether the content has to be decoded, so that a scratch block is needed.
    package var isCompressed: Bool
    /// What the message says of itself.
    package var attributes: MessageAttributes
    /// What tells this content from an earlier or later one (`ETag`, `Last-Modified`), as far as the service says it.
    package var version: String

    package init(
        number: Int,
        total: Int,
        contentLength: Int?,
        isCompressed: Bool,
        attributes: MessageAttributes,
        version: String = ""
    ) {
        self.number = number
        self.total = total
        self.contentLength = contentLength
        self.isCompressed = isCompressed
        self.attributes = attributes
        self.version = version
    }

    /// Whether a second download of the chunk can go on with the content of the first, by all that their heads say of it.
    package func describesSameContent(as other: ChunkHead) -> Bool {
        number == other.number && total == other.total && contentLength == other.contentLength
            && isCompressed == other.isCompressed && version == other.version && attributes == other.attributes
    }
}

/// What a message says of itself (its `Mex-` headers), as text.
package struct MessageAttributes: Sendable, Equatable {
    /// Header values by lower-case name without `mex-`, such as `filename`, `from`, `workflowid`, `localid`.
    package var values: [String: String]

    package init(values: [String: String] = [:]) {
        self.values = values
    }

    package subscript(name: String) -> String? { values[name] }

    /// A report says what became of a message that this mailbox sent; it has no content.
    package var isReport: Bool { values["messagetype"]?.uppercased() == "REPORT" }
}
