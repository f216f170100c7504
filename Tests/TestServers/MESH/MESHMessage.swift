/// A message in a mailbox of the strict MESH server, with everything that a test wants wrong about it.
///
///     var message = MESHMessage("ABC0001", [.bytes(first), .gzip(second)])
///     message.headers.append(.init("Mex-Subject", bytes: [0xE9]))   // raw Latin-1
///     message.headers["Mex-Chunk-Range"] = "2:1"                    // in place of the right one
///     server.add(message)
package struct MESHMessage: Sendable {
    /// One chunk as it is sent.
    package struct Chunk: Sendable {
        package var body: HTTPServer.Body
        /// Whether the body was compressed by the test and is labelled `Content-Encoding: gzip`.
        package var isGzip = false
        /// A chunk that vanished from the store: 404.
        package var isMissing = false
        /// A Content-Length that is not the body's; the connection is closed after the body.
        package var contentLength: Int?
        /// The status in place of 200 or 206.
        package var status: Int?
        package var delivery: HTTPServer.Delivery = .whole

        package init(_ body: HTTPServer.Body) {
            self.body = body
        }

        package static func bytes(_ bytes: [UInt8]) -> Chunk { Chunk(.bytes(bytes)) }

        package static func text(_ text: String) -> Chunk { Chunk(.text(text)) }

        /// Bytes that are gzip already (or claim to be).
        package static func gzip(_ bytes: [UInt8]) -> Chunk {
            var chunk = Chunk(.bytes(bytes))
            chunk.isGzip = true
            return chunk
        }
    }

    package let id: String
    package var chunks: [Chunk]
    package var isReport = false
    package var workflowID = "TEST"
    package var from = "X26ABC2"
    package var fileName: String?
    package var localID: String?
    package var subject: String?
    /// Sent in place of the server's own field of that name, or added; raw bytes stay as they are.
    package var headers = HTTPServer.Headers()
    /// The server's own fields that are left out, e.g. `Mex-MessageID`.
    package var omittedHeaders: [String] = []
    /// Expired, failed, or still uploading: 410.
    package var isGone = false

    /// A message of data.
    /// - Parameter chunks: a whole message is one chunk, an empty message one chunk of no bytes.
    package init(_ id: String, _ chunks: [Chunk]) {
        self.id = id
        self.chunks = chunks
    }

    /// A message of one chunk.
    package init(_ id: String, text: String) {
        self.init(id, [.text(text)])
    }

    /// A large message whose chunks together repeat one pattern; it takes no more memory than the pattern.
    /// - Parameter length: of the whole content; the last chunk takes the rest.
    package static func repeating(_ id: String, pattern: [UInt8], length: Int, chunks: Int) -> MESHMessage {
        let chunkLength = length / chunks
        return MESHMessage(
            id,
            (0..<chunks).map { index in
                Chunk(
                    .repeating(
                        pattern,
                        start: index * chunkLength,
                        length: index == chunks - 1 ? length - index * chunkLength : chunkLength
                    )
                )
            }
        )
    }

    /// A report that another message was not delivered: no body, no sender, no chunks.
    package static func report(_ id: String, on messageID: String = "20261123150000000000_A1") -> MESHMessage {
        var message = MESHMessage(id, [])
        message.isReport = true
        message.headers = [
            "Mex-LinkedMsgId": messageID,
            "Mex-StatusCode": "14",
            "Mex-StatusEvent": "SEND",
            "Mex-StatusDescription": "Message not collected by recipient after 5 days",
        ]
        return message
    }

    /// The fields of one chunk's answer; empty ones are absent.
    func fields(chunk: Int, mailbox: String, now: Int) -> HTTPServer.Headers {
        let total = isReport ? 0 : chunks.count
        var own: [(String, String?)] = [
            ("Mex-MessageID", id), ("Mex-From", isReport ? nil : from), ("Mex-To", mailbox),
            ("Mex-WorkflowID", workflowID), ("Mex-LocalID", localID),
            ("Mex-FileName", fileName ?? "\(id).dat"), ("Mex-Subject", subject),
            ("Mex-MessageType", isReport ? "REPORT" : "DATA"), ("Mex-Version", "1.0"), ("Mex-AddressType", "ALL"),
            ("Mex-Chunk-Range", "\(chunk):\(total)"), ("Mex-Total-Chunks", "\(total)"),
            ("Mex-StatusSuccess", isReport ? "ERROR" : "SUCCESS"), ("Mex-StatusTimestamp", "\(Timestamp.mesh(now))00"),
            ("Last-Modified", Timestamp.http(now)),
        ]
        if !isReport {
            let isGzip = chunks.indices.contains(chunk - 1) && chunks[chunk - 1].isGzip
            own += [
                ("Mex-StatusCode", "00"), ("Mex-StatusEvent", "TRANSFER"),
                ("Mex-StatusDescription", "Transferred to recipient mailbox"),
                ("Content-Type", "application/octet-stream"),
                ("Content-Encoding", isGzip ? "gzip" : nil), ("Mex-Content-Compressed", isGzip ? "Y" : nil),
            ]
        }
        var fields = HTTPServer.Headers()
        let omitted = Set(omittedHeaders.map { $0.lowercased() } + headers.fields.map(\.key))
        for (name, value) in own {
            if let value, !omitted.contains(name.lowercased()) { fields.append(name, value) }
        }
        for field in headers.fields { fields.append(field) }
        return fields
    }
}
