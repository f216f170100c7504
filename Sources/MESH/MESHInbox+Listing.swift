import Blocks
import Curl
import HTTPTypes
package import Transfer

extension MESHInbox {
    /// `GET {mailbox}/inbox`
    package func page(at link: PageLink?) async throws(Failure) -> InboxPage {
        let request: HTTPRequest
        if let link {
            request = self.request(.get, try path(of: link), isWhole: true)
        } else {
            request = self.request(.get, "/inbox?\(firstPageQuery)")
        }
        var page = try await read(request)
        if page.next == link { page.next = nil }
        return page
    }

    /// Reads the listing while it arrives, so that memory depends on its ids alone.
    private func read(_ request: HTTPRequest) async throws(Failure) -> InboxPage {
        let exchange = try await send(request, for: .list)
        let response = exchange.response
        guard response.status == .ok else { throw await refusal(exchange, .list) }
        var reader = InboxPageReader()
        var size = 0
        let block = Block(capacity: 64 << 10)
        while true {
            block.clear()
            let end: BodyEnd?
            do throws(CurlError) {
                end = try await exchange.read(into: block)
            } catch {
                throw Failure(error, .list)
            }
            size += block.count
            do throws(JSONScanner.Fault) {
                guard size <= Self.listingLimit else { throw .tooLong }
                try reader.read(block.bytes)
                if let end, end.isWhole { return try reader.finish() }
            } catch {
                exchange.cancel()
                throw noListing(error, response)
            }
            if end != nil { throw .unfinished(.list, response, server: configuration.authority) }
        }
    }

    private func noListing(_ fault: JSONScanner.Fault, _ response: Response) -> Failure {
        let why =
            switch fault {
            case .malformed: "is not the JSON of a listing"
            case .tooDeep: "is JSON that is more than \(JSONScanner.deepest) levels deep"
            case .tooLong: "is larger than any listing"
            }
        return foreign(.list, response, type: "malformed_listing", why)
    }

    private var firstPageQuery: String {
        var query = "max_results=\(configuration.pageSize)"
        if let filter = configuration.workflowFilter {
            query += "&workflow_filter=\(PercentEncoding.encode(filter))"
        }
        return query
    }

    /// The path of a `links.next`, which the API gives relative to its host. A link to another host is refused: the token
    /// would go there.
    private func path(of link: PageLink) throws(Failure) -> String {
        var path = link.target[...]
        let origin = "\(configuration.scheme)://\(configuration.authority)"
        if path.hasPrefix(origin) { path = path.dropFirst(origin.count) }
        guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Failure(
                service: .mesh,
                kind: .permanent,
                type: "foreign_link",
                message: "The listing's next link does not lead to a page of \(configuration.authority).",
                advice: "It was not followed, since the token would have gone there; tell whoever runs MESH_BASE_URL.",
                server: configuration.authority
            )
        }
        return path.hasPrefix("\(configuration.basePath)/") ? String(path) : configuration.basePath + path
    }
}

extension InboxPage {
    /// Reads the body of a listing; `nil` for anything else.
    package init?(json: [UInt8]) {
        var reader = InboxPageReader()
        do {
            try json.withUnsafeBytes { try reader.read($0) }
            self = try reader.finish()
        } catch {
            return nil
        }
    }
}
