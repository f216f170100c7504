import Blocks
import Curl
import HTTPTypes
import Transfer

/// One chunk of a message on its way from MESH.
final class MESHChunk: MessageChunk {
    let head: ChunkHead
    private let exchange: HTTPExchange
    private let inflater: Inflater?
    private let server: String

    /// Reads the head of an answer that is 200 or 206.
    /// - Parameters:
    ///   - id: of the message that was asked for.
    ///   - requested: the number of the chunk that was asked for.
    ///   - skipped: the bytes at its start that are dropped.
    ///   - form: as received, nothing is decoded, and the range of an answer that says it is whole (200) does not matter.
    /// - Throws: `.invalidMessage` for a chunk range that no message has.
    init(
        _ exchange: HTTPExchange,
        of id: MessageID,
        requested: Int,
        skipping skipped: Int,
        as form: ContentForm,
        server: String
    ) throws(Failure) {
        self.exchange = exchange
        self.server = server
        let fields = exchange.response.headerFields
        let attributes = MessageAttributes(fields)
        try Self.mustBe(id, attributes, requested, exchange, server)
        let range = try Self.range(
            attributes,
            isPartial: exchange.response.status == .partialContent,
            requested: requested,
            as: form
        )
        inflater = form == .content ? try Self.inflater(fields) : nil
        if let inflater {
            inflater.skip(skipped)
        } else {
            exchange.skip(skipped)
        }
        head = ChunkHead(
            number: range.number,
            total: range.total,
            contentLength: fields[.contentLength].flatMap { Int($0) },
            isCompressed: inflater != nil,
            attributes: attributes
        )
    }

    /// What stands between here and MESH may strip headers, that with the number of chunks among them, or answer from a cache:
    /// an answer that does not name the message is not trusted to be all of it.
    private static func mustBe(
        _ id: MessageID,
        _ attributes: MessageAttributes,
        _ requested: Int,
        _ exchange: HTTPExchange,
        _ server: String
    ) throws(Failure) {
        let named = attributes["messageid"]
        guard named != nil || requested == 1 else { return }
        // A header's value has no blanks around it.
        if let named, named == id.text || named == id.text.trimmed { return }
        throw Failure(
            service: .mesh,
            kind: .transient,
            type: "other_message",
            message: named == nil
                ? "\(server) answered a download without Mex-MessageID." : "\(server) answered with another message.",
            advice: "Check MESH_BASE_URL, and what stands between here and MESH: it has to pass the Mex- headers on.",
            status: exchange.response.status.code,
            server: server
        )
    }

    private static func inflater(_ fields: ResponseFields) throws(Failure) -> Inflater? {
        let encoding = fields[.contentEncoding]?.lowercased() ?? "identity"
        switch encoding {
        case "gzip", "x-gzip": return Inflater()
        case "identity", "": return nil
        default:
            throw .invalid("unknown_encoding", "Its Content-Encoding is \(encoding), where gzip or none was offered.")
        }
    }

    /// The range that a response states, or that its status says where the header is missing.
    private static func range(
        _ attributes: MessageAttributes,
        isPartial: Bool,
        requested: Int,
        as form: ContentForm
    ) throws(Failure) -> ChunkRange {
        do throws(Failure) {
            return try range(attributes, isPartial: isPartial, requested: requested)
        } catch {
            // More chunks, and no telling which: acknowledging the message would lose them.
            guard form == .asReceived, !isPartial, requested == 1 else { throw error }
            return ChunkRange(number: 1, total: 1)
        }
    }

    private static func range(
        _ attributes: MessageAttributes,
        isPartial: Bool,
        requested: Int
    ) throws(Failure) -> ChunkRange {
        guard let text = attributes["chunk-range"] else {
            if isPartial && requested == 1 {
                throw .invalid("chunk_range", "It has more than one chunk (206), and no Mex-Chunk-Range says how many.")
            }
            return ChunkRange(number: requested, total: isPartial ? requested + 1 : requested)
        }
        guard let range = ChunkRange(text) else {
            throw .invalid("chunk_range", "Its Mex-Chunk-Range is \(text.debugDescription), where i:n was expected.")
        }
        if attributes.isReport && range == ChunkRange(number: 1, total: 0) { return range }
        guard range.number == requested, range.number <= range.total, range.total <= 50_000_000 else {
            throw .invalid("chunk_range", "Its Mex-Chunk-Range is \(text), where \(requested):n was expected.")
        }
        if isPartial && range.number == range.total {
            throw .invalid("chunk_range", "Its last chunk, \(text), says that more follow (206).")
        }
        return range
    }

    func read(into block: Block, scratch: Block?) async throws(Failure) -> Bool {
        guard let inflater else {
            let ended = try await receive(into: block)
            if ended && exchange.remainingToSkip > 0 { throw Self.changed }
            return ended
        }
        guard let scratch else { preconditionFailure("a compressed chunk needs a scratch block") }
        while true {
            do throws(Inflater.Damage) {
                try inflater.inflate(into: block)
            } catch {
                throw try await damaged(error.reason, scratch)
            }
            if block.isFull { return false }
            if inflater.hasAllInput {
                guard inflater.isBetweenMembers else {
                    throw .damagedGzip("Its gzip ends before the trailer of its last member.")
                }
                if inflater.remainingToSkip > 0 { throw Self.changed }
                return true
            }
            scratch.clear()
            let ended = try await receive(into: scratch)
            inflater.offer(scratch, isLast: ended)
        }
    }

    private static let changed = Failure.invalid(
        "content_changed",
        "A second download of one chunk gave fewer bytes than the first had given before it broke."
    )

    func cancel() {
        exchange.cancel()
    }

    private func receive(into block: Block) async throws(Failure) -> Bool {
        let ended: Bool
        do throws(CurlError) {
            ended = try await exchange.read(into: block)
        } catch {
            throw Failure(error, .download)
        }
        if ended && !exchange.isFramed {
            throw Failure(
                service: .mesh,
                kind: .transient,
                type: "unframed_response",
                message: "\(server) did not say how long the message is, so that its end can't be told from a break.",
                advice: "Something between here and MESH strips Content-Length.",
                status: exchange.response.status.code,
                server: server
            )
        }
        return ended
    }

    /// The failure for damaged gzip: the message's own fault only if the body arrives in full length.
    private func damaged(_ reason: String, _ scratch: Block) async throws(Failure) -> Failure {
        while inflater?.isLastInput == false {
            scratch.clear()
            if try await receive(into: scratch) { break }
        }
        return .damagedGzip("Its gzip is damaged (\(reason)).")
    }
}

extension Failure {
    fileprivate static func damagedGzip(_ message: MarkedText) -> Failure {
        Failure(service: .mesh, kind: .damaged, type: "gzip_damaged", message: message)
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimmed: Substring {
        var rest = drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
