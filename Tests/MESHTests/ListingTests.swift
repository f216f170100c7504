import MESH
import TestServers
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1)))
struct ListingTests {
    private static func messages(_ count: Int) -> [MESHMessage] {
        (1...count).map { MESHMessage("ABC\($0)", text: "") }
    }

    @Test("Case 8: every page is asked of the same mailbox") func walksThePagesInOrder() async throws {
        try await withPost(Self.messages(25)) { post in
            let inbox = post.inbox { $0.pageSize = 10 }
            var ids: [String] = []
            var lengths: [Int] = []
            var page = try await inbox.page(at: nil)
            #expect(page.approximateCount == 25)
            while true {
                ids += page.ids.map(\.text)
                lengths.append(page.ids.count)
                guard let next = page.next else { break }
                #expect(next.target.hasPrefix("/messageexchange/"))
                page = try await inbox.page(at: next)
            }
            #expect(ids == Self.messages(25).map(\.id))
            #expect(lengths == [10, 10, 5])
            let targets = post.server.http.requests.map(\.target)
            #expect(targets.first == "/messageexchange/X26ABC1/inbox?max_results=10")
            #expect(targets.count == 3 && targets.allSatisfy { $0.hasPrefix("/messageexchange/X26ABC1/inbox?") })
        }
    }

    @Test func goesOnBehindAnEmptyPage() async throws {
        var options = StrictMESHServer.Options()
        options.pageCap = 1
        var messages = Self.messages(3)
        messages[0].workflowID = "OTHER"
        messages[1].workflowID = "OTHER"
        try await withPost(messages, options: options) { post in
            let inbox = post.inbox { $0.workflowFilter = "TEST" }
            let first = try await inbox.page(at: nil)
            #expect(first.ids.isEmpty)
            let afterFirst = try #require(first.next)
            let second = try await inbox.page(at: afterFirst)
            #expect(second.ids.isEmpty)
            let afterSecond = try #require(second.next)
            let third = try await inbox.page(at: afterSecond)
            #expect(third.ids == [MessageID("ABC3")])
            #expect(third.next == nil)
        }
    }

    @Test func readsAnEmptyInbox() async throws {
        try await withPost { post in
            let page = try await post.inbox.page(at: nil)
            #expect(page.ids.isEmpty && page.next == nil && page.approximateCount == 0)
        }
    }

    @Test(arguments: [
        ("TEST", "TEST"), ("!*A&B=C*", "%21%2AA%26B%3DC%2A"), ("a b+c", "a%20b%2Bc"), ("é", "%C3%A9"),
        ("#?%", "%23%3F%25"),
    ])
    func encodesTheFilter(filter: String, encoded: String) async throws {
        try await withPost { post in
            _ = try await post.inbox { $0.workflowFilter = filter }.page(at: nil)
            let target = post.server.http.requests.first?.target
            #expect(target == "/messageexchange/X26ABC1/inbox?max_results=5000&workflow_filter=\(encoded)")
        }
    }

    @Test("Case 7: a next link without its host is followed", arguments: ["", "/gateway"])
    func followsLinksOfItsOwnHost(basePath: String) async throws {
        let links = ["/messageexchange/X26ABC1/inbox?continue_from=a%3D", "/gateway/messageexchange/X/inbox?c"]
        try await withPost { post in
            let inbox = post.inbox { $0.basePath = basePath }
            post.answer(.listing(next: nil))
            for link in links + links.map({ post.server.baseURL + $0 }) {
                _ = try await inbox.page(at: PageLink(link))
            }
            let first = basePath + links[0]
            #expect(post.server.http.requests.map(\.target) == [first, links[1], first, links[1]])
        }
    }

    @Test(arguments: [
        "https://evil.example/inbox", "//evil.example/inbox", "http://127.0.0.1/inbox", "PORT0/inbox",
        "PORT@evil.example/",
        "inbox?x", "/in box", "/é", "/a\r\nX-Evil: 1", "", "ftp://127.0.0.1/", "PORT",
    ])
    func refusesForeignLinks(link: String) async throws {
        try await withPost { post in
            let link = PageLink(link.replacing("PORT", with: post.server.baseURL))
            let failure = try await failure { try await post.inbox.page(at: link) }
            #expect(failure.kind == .permanent)
            #expect(failure.type == "foreign_link")
            #expect(post.server.http.requests.isEmpty)
        }
    }

    @Test func doesNotGoRoundInACircle() async throws {
        try await withPost { post in
            post.answer(.listing(next: "/messageexchange/X26ABC1/inbox?same"))
            let next = try #require(try await post.inbox.page(at: nil).next)
            #expect(try await post.inbox.page(at: next).next == nil)
        }
    }

    @Test(arguments: [
        "", "<html><body>Sign in</body></html>", "[]", "{}", #"{"messages":["A"]"#, #"{"messages":"A"}"#,
        #"{"messages":[1]}"#, "null", "\u{FEFF}",
    ])
    func takesNothingElseForAListing(body: String) async throws {
        try await withPost { post in
            post.answer(HTTPServer.Response(200, body: .text(body)))
            let failure = try await failure { try await post.inbox.page(at: nil) }
            #expect(failure.kind == .transient)
            #expect(failure.type == "malformed_listing")
            #expect(failure.status == 200)
        }
    }

    @Test(arguments: [
        #"{"messages":["A","","B"]}"#, #"{"messages":["A","B"],"links":null,"approx_inbox_count":null,"more":{}}"#,
        #"{"messages":["A","B"],"links":{"self":"/x","next":""}}"#,
        #"{"messages":["\u0041","B"],"links":{"next":null}}"#,
    ])
    func readsWhatItNeedsOfAListing(body: String) async throws {
        try await withPost { post in
            post.answer(HTTPServer.Response(200, body: .text(body)))
            let page = try await post.inbox.page(at: nil)
            #expect(page.ids.map(\.text) == ["A", "B"])
            #expect(page.next == nil && page.approximateCount == nil)
        }
    }

    @Test func readsAPageOfTheLargestSize() async throws {
        try await withPost(Self.messages(5000)) { post async throws in
            #expect(try await post.inbox.page(at: nil).ids.count == 5000)
        }
    }
}

extension HTTPServer.Response {
    fileprivate static func listing(next: String?) -> HTTPServer.Response {
        let links = next.map { #","links":{"next":"\#($0)"}"# } ?? ""
        return HTTPServer.Response(200, body: .text(#"{"messages":[]\#(links)}"#))
    }
}
