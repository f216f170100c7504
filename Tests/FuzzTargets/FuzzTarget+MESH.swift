import Blocks
import Curl
import Digests
import HTTPTypes
import MESH
import Transfer

extension FuzzTarget {
    static let responseHead = FuzzTarget(
        "response-head",
        seeds: [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nMex-FileName: a.dat\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 206 Partial Content\r\nMex-Chunk-Range: 1:3\r\n\r\n",
            "HTTP/1.0 404\r\nX:\r\n\r\nTrailer: 1\r\n",
            // Once taken for a status of four digits, which stopped the process.
            "HTTP/1.1 200\r\nHTTP/foo: bar\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 zzz\r\n\r\n",
            "HTTP/2 503 \r\nretry-after:\t1 \r\n folded\r\n\r\n",
        ],
        words: ["HTTP/1.1 ", "HTTP/2 ", "999", "000", "1000", ": ", "\r\n", "\r\n\r\n", "\u{0}", "Mex-", "é"]
    ) { input in
        var head = ResponseHeadReader()
        for line in input.lines {
            let response: Response?
            do {
                response = try line.withUnsafeBytes { try head.add(line: $0) }
            } catch {
                return
            }
            if let response {
                promise((200...999).contains(response.status.code), "status \(response.status.code)")
                response.headerFields.forEach(prefix: "") { name, _ in promise(!name.isEmpty, "a field without a name")
                }
                _ = MexHeaders(response.headerFields)
            }
        }
    }

    static let chunkRange = FuzzTarget(
        "chunk-range",
        seeds: ["1:1", "1:0", "2:17", "999999999:999999999", " 1: 2"],
        words: [":", "0", "-1", "9223372036854775807", "99999999999999999999", "٣", "²", " "]
    ) { input in
        guard let range = ChunkRange(input.text) else { return }
        promise(range.number >= 0 && range.total >= 0 && range.total < 1_000_000_000, "\(range)")
    }

    /// Reads a listing as it may arrive, in pieces of no fixed size.
    private static func pageInPieces(_ input: [UInt8]) -> InboxPage? {
        var reader = InboxPageReader()
        var start = 0
        do {
            while start < input.count {
                let end = min(input.count, start + 1 + Int(input[start] % 7))
                try input[start..<end].withUnsafeBytes { try reader.read($0) }
                start = end
            }
            return try reader.finish()
        } catch {
            return nil
        }
    }

    static let inboxPage = FuzzTarget(
        "inbox-page",
        seeds: [
            #"{"messages":["20200529155357895317_3573F8","B"],"links":{"self":"/a","next":"/a?continue_from=b%3D"}}"#,
            #"{"messages":[],"links":{"self":"/a"},"approx_inbox_count":0}"#,
            #"{"messages":["",null,1],"approx_inbox_count":1e3}"#,
        ],
        words: jsonWords + ["messages", "links", "next", "approx_inbox_count"]
    ) { input in
        let page = InboxPage(json: input)
        promise(page?.ids == pageInPieces(input)?.ids, "what a listing says depends on how it is cut")
        guard let page else { return }
        promise(page.ids.allSatisfy { !$0.text.isEmpty }, "an empty id")
        promise(page.next?.target.isEmpty != true, "an empty link")
        var journal = Journal()
        var planner = Planner(prefix: "", source: .messageID) { CivilTime(utc: $0) }
        journal.beginWalk()
        _ = journal.plan(page.ids, with: &planner, now: 1_795_446_000)
        let again = try? Journal(json: journal.json())
        promise(again?.count == journal.count, "a journal of these ids can't be read again")
    }

    static let meshError = FuzzTarget(
        "mesh-error",
        seeds: [
            #"{"detail":[{"event":"SEND","code":"EPL-151","msg":"No mailbox matched"}]}"#,
            #"{"errorEvent":"SEND","errorCode":"20","errorDescription":"Not there"}"#,
            #"{"message":"oops"}"#, #"{"detail":"Not Found"}"#, "<html><body>502</body></html>",
        ],
        words: jsonWords + ["detail", "errorCode", "errorDescription", "message", "msg", "code", "\\n", "\\ud800"]
    ) { input in
        for status in [400, 403, 500] {
            let error = ErrorBody(status: status, body: input)
            for text in [error.code, error.message].compactMap({ $0 }) {
                promise(!text.isEmpty && text.unicodeScalars.count <= 4_096, "\(text.unicodeScalars.count) characters")
                promise(text.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "a control character")
            }
            promise((error.code?.utf8.count ?? 0) <= 64, "a long code")
        }
    }

    /// The `Mex-` headers of a message: what becomes of them in names, metadata, and the document of a report.
    static let messageHead = FuzzTarget(
        "message-head",
        seeds: [
            "mex-messageid: ABC0001\r\nmex-filename: ABC_1.dat\r\nmex-from: X26ABC2\r\nmex-subject: hello\r\n",
            "mex-messagetype: REPORT\r\nmex-chunk-range: 1:0\r\nmex-statusdescription: not collected\r\n",
            "mex-filename: ../../evil%2Fname.txt\r\nmex-localid: \u{1F600}\r\n",
        ],
        words: ["mex-", "mex-filename: ", "mex-localid: ", "\r\n", "%", "%2", "%2F", "../", "\u{0}", "é", "\"", "\\"]
    ) { input in
        let attributes = MexHeaders(responseFields(of: input)).attributes
        let id = MessageID(attributes["messageid"] ?? "?")
        let metadata = MessageMetadata.make(id: id, attributes: attributes, sha256: SHA256.hash([UInt8]()))
        promise(MessageMetadata.isOf(id, metadata), "the blob is not of its own message")
        for entry in metadata.entries {
            promise(entry.value.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "value \(entry.value)")
            promise(entry.name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }, entry.name)
        }
        promise(id.text.utf8.count > 500 || size(metadata) <= 8 << 10, "\(size(metadata)) bytes of metadata")
        promise((try? JSON.parse(ReportDocument.make(attributes))) != nil, "the document of a report is no JSON")
        for source in BSOSource.allCases {
            let time = CivilTime(utc: 1_795_446_000)
            let entry = PlanEntry(id: id, time: time, ordinal: 7, prefix: "a/", source: source)
            guard let code = source.text(id: id, attributes: attributes).flatMap(BSOCode.init) else { continue }
            for name in [entry.plainName(code), entry.collisionName(code)] {
                let parts = name.path.split(separator: "/", omittingEmptySubsequences: false)
                promise(parts.count == 3 && !parts.contains("..") && !parts.contains(""), name.path)
                promise(name.path.utf8.allSatisfy { (0x21...0x7e).contains($0) }, name.path)
            }
        }
    }

    private static func size(_ metadata: BlobMetadata) -> Int {
        metadata.entries.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// The lengths that a head states, whatever they are, lead to blocks that the pool has.
    static let blockSizing = FuzzTarget(
        "block-sizing",
        seeds: [
            "8388608 1 1 1000", "33554432 1 3 9223372036854775807 gzip", "8388608 2 50000000 -1",
            "8388608 1 1 -9223372036854775808 gzip",
        ],
        words: [" ", "gzip", "-1", "0", "1", "4194304", "9223372036854775807", "-9223372036854775808"]
    ) { input in
        let numbers = input.text.split(separator: " ").compactMap { Int($0) }
        guard numbers.count >= 3, (8 << 20...1 << 40).contains(numbers[0]), (0...50_000_000).contains(numbers[2]) else {
            return
        }
        let head = ChunkHead(
            number: numbers[1],
            total: numbers[2],
            contentLength: numbers.count > 3 ? numbers[3] : nil,
            isCompressed: input.text.hasSuffix("gzip"),
            attributes: MessageAttributes()
        )
        let need = BlockSizing(capacity: numbers[0]).need(for: head)
        promise(need.sizes.allSatisfy { $0 > 0 } && need.later > 0, "\(need)")
        promise(need.sizes.reduce(0, +) + need.later <= numbers[0], "\(need) of \(numbers[0])")
    }
}
