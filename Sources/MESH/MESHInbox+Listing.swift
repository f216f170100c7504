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
        let body = try await perform(request, for: .list)
        guard var page = InboxPage(json: body) else {
            throw Failure(
                service: .mesh,
                kind: .transient,
                type: "malformed_listing",
                message:
                    "\(configuration.authority) answered the listing of the inbox with something that is no listing.",
                advice: "Check MESH_BASE_URL and what stands between here and MESH.",
                status: 200,
                server: configuration.authority
            )
        }
        if page.next == link { page.next = nil }
        return page
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
        guard let listing = JSONValue(json), let messages = listing["messages"]?.strings else { return nil }
        let next = listing["links"]?["next"]
        // A link that can't be read would hide the pages behind it.
        guard next == nil || next?.string != nil else { return nil }
        self.init(
            ids: messages.lazy.filter { !$0.isEmpty }.map(MessageID.init),
            next: next?.string.flatMap { $0.isEmpty ? nil : PageLink($0) },
            approximateCount: listing["approx_inbox_count"]?.integer
        )
    }
}
