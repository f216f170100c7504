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
    ///   - form: as received, nothing is decoded, and the range of an answer that says it is whole (200) does not matter.
    /// - Throws: `.transient` for an answer that is not MESH's own, `.invalidMessage` for a chunk range that no message has.
    init(
        _ exchange: HTTPExchange,
        of id: MessageID,
        requested: Int,
        as form: ContentForm,
        server: String
    ) throws(Failure) {
        self.exchange = exchange
        self.server = server
        let fields = exchange.response.headerFields
        let headers = MexHeaders(fields)
        if let flaw = AnswerProof.flaw(in: headers, of: id, chunk: requested) {
            throw .foreign(.download, exchange.response, type: flaw.type, server: server, flaw.text)
        }
        let range = try Self.range(headers, exchange.response.status, requested: requested, as: form)
        inflater = form == .content ? try Self.inflater(fields) : nil
        head = ChunkHead(
            number: range.number,
            total: range.total,
            contentLength: fields[.contentLength].flatMap { Int($0) },
            isCompressed: inflater != nil,
            attributes: headers.attributes,
            version: [fields[.eTag], fields[.lastModified]].compactMap { $0 }.joined(separator: " ")
        )
    }

    private static func inflater(_ fields: ResponseFields) throws(Failure) -> Inflater? {
        let encoding = fields[.contentEncoding]?.lowercased() ?? "identity"
        switch encoding {
        case "gzip", "x-gzip": return Inflater()
        case "identity", "": return nil
        default:
            let shown = encoding.prefix(64).debugDescription
            throw .invalid("unknown_encoding", "Its Content-Encoding is \(shown), where gzip or none was offered.")
        }
    }

    private static func range(
        _ headers: MexHeaders,
        _ status: HTTPResponse.Status,
        requested: Int,
        as form: ContentForm
    ) throws(Failure) -> ChunkRange {
        do throws(ChunkRange.Flaw) {
            return try ChunkRange(headers.attributes, status: status.code, requested: requested)
        } catch {
            // More chunks, and no telling which: acknowledging the message would lose them.
            guard form == .asReceived, status == .ok, requested == 1 else {
                throw .invalid("chunk_range", "\(familiar: error.message)")
            }
            return ChunkRange(number: 1, total: 1)
        }
    }

    func read(into block: Block, scratch: Block?) async throws(Failure) -> Bool {
        guard let inflater else { return try await receive(into: block) }
        guard let scratch else {
            throw .contentChanged("It came in the clear before, and comes in gzip now.")
        }
        while true {
            do throws(Inflater.Damage) {
                try inflater.inflate(into: block)
            } catch {
                throw try await damaged(error.reason, scratch)
            }
            if block.isFull { return false }
            if inflater.hasAllInput {
                guard inflater.isComplete else {
                    throw .damagedGzip("Its gzip ends before the trailer of its last member.")
                }
                return true
            }
            scratch.clear()
            let ended = try await receive(into: scratch)
            inflater.offer(scratch, isLast: ended)
        }
    }

    func cancel() {
        exchange.cancel()
    }

    /// - Returns: true when the body ended and is proven whole.
    private func receive(into block: Block) async throws(Failure) -> Bool {
        let end: BodyEnd?
        do throws(CurlError) {
            end = try await exchange.read(into: block)
        } catch {
            throw Failure(error, .download)
        }
        guard let end else { return false }
        guard end.isWhole else { throw .unfinished(.download, exchange.response, server: server) }
        return true
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
