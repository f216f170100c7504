import Synchronization

extension MESHCore {
    /// Lists the inbox, page by page.
    func list(_ request: HTTPServer.Request, _ mailbox: String) -> HTTPServer.Response {
        var limit = 500
        var start = 0
        var filter: String?
        for pair in (request.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let bytes = percentDecoded(parts[1].replacing("+", with: " ")) else {
                return Self.failure(400, code: "", "a query that is not name=value")
            }
            let value = String(decoding: bytes, as: UTF8.self)
            switch parts[0] {
            case "max_results":
                guard let number = Int(value), (10...5000).contains(number) else {
                    return Self.failure(400, code: "", "max_results is not within 10 and 5000")
                }
                limit = number
            case "continue_from":
                guard let place = Self.place(of: value) else {
                    return Self.failure(400, code: "", "continue_from is not from a next link")
                }
                start = place
            case "workflow_filter":
                filter = value
            default:
                return Self.failure(400, code: "", "unknown parameter")
            }
        }
        return state.withLock { state in
            let options = state.options
            var (ids, next) = state.mailboxes[mailbox]!.page(
                from: start,
                limit: min(limit, options.pageCap ?? limit),
                filter: filter.map(WorkflowFilter.init),
                filtersFirst: options.filtersBeforePaging
            )
            if next == nil, options.endsWithEmptyPage, !ids.isEmpty {
                next = state.mailboxes[mailbox]!.entries.count
            }
            ids = ids.flatMap { options.duplicatedIDs.contains($0) ? [$0, $0] : [$0] }
            log.append(.listed(mailbox: mailbox, ids: ids))
            let base = "/messageexchange/\(percentEncoded(mailbox))/inbox"
            var query = limit == 500 ? [] : ["max_results=\(limit)"]
            if let filter { query.append("workflow_filter=\(percentEncoded(filter))") }
            var links = #"{"self":"# + jsonString(Self.link(base, query))
            if let next {
                links += #","next":"# + jsonString(Self.link(base, query + ["continue_from=\(Self.cursor(next))"]))
            }
            let count = state.mailboxes[mailbox]!.waitingCount
            let list = ids.map(jsonString).joined(separator: ",")
            return Self.json(200, #"{"messages":[\#(list)],"links":\#(links)},"approx_inbox_count":\#(count)}"#)
        }
    }

    /// Hands out a message, or one chunk of it.
    func message(_ id: String, chunk number: Int, _ mailbox: String) -> HTTPServer.Response {
        state.withLock { state in
            guard let entry = state.mailboxes[mailbox]!.entry(id) else {
                let isForeign = state.mailboxes.values.contains { $0.entry(id) != nil }
                return isForeign
                    ? Self.failure(403, code: "EPL-151", "Forbidden")
                    : Self.failure(404, code: "20", event: "RECEIVE", "Message does not exist")
            }
            let message = entry.message
            guard !message.isGone, !entry.isAcknowledged || state.options.servesAcknowledged else {
                return Self.failure(410, code: "Message already accepted", event: "SEND", "Message no longer available")
            }
            var response = HTTPServer.Response(200)
            if !message.isReport {
                guard message.chunks.indices.contains(number - 1), !message.chunks[number - 1].isMissing else {
                    return Self.failure(404, code: "20", event: "RECEIVE", "Message does not exist")
                }
                let chunk = message.chunks[number - 1]
                response.status = chunk.status ?? (number < message.chunks.count ? 206 : 200)
                response.body = chunk.body
                response.delivery = chunk.delivery
                if let length = chunk.contentLength { response.headers["Content-Length"] = "\(length)" }
            }
            for field in message.fields(chunk: number, mailbox: mailbox, now: clock.now).fields {
                response.headers.append(field)
            }
            log.append(.served(mailbox: mailbox, id: id, chunk: number))
            return response
        }
    }

    private static func link(_ base: String, _ query: [String]) -> String {
        query.isEmpty ? base : base + "?" + query.joined(separator: "&")
    }

    /// A cursor that looks like nothing, so that nobody computes with it.
    static func cursor(_ place: Int) -> String {
        percentEncoded(Base64.encode(utf8("place=\(place)")))
    }

    private static func place(of cursor: String) -> Int? {
        guard let bytes = Base64.decode(cursor) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasPrefix("place=") ? Int(text.dropFirst("place=".count)) : nil
    }
}
