/// Writes an answer to a socket, or as much of it as its delivery allows.
struct ResponseWriter {
    let descriptor: Int32
    let control: ConnectionControl

    /// - Parameter method: of the request; HEAD is answered without body.
    /// - Returns: whether the connection can be used again.
    func write(_ response: HTTPServer.Response, to method: String) -> Bool {
        switch response.delivery {
        case .whole:
            let length = response.headers["Content-Length"]
            let isAsSaid = length == nil || length == "\(response.body.length)" || method == "HEAD"
            return writeWhole(response, method) && isAsSaid && response.headers["Connection"]?.lowercased() != "close"
        case .held(let gate):
            return control.wait(for: { await gate.wait() }) != nil && writeWhole(response, method)
        case .wholeThenStale:
            _ = writeWhole(response, method)
            return false
        case .nothing:
            return false
        case .reset:
            Sockets.reset(descriptor)
            return false
        case .halfHead:
            let head = head(of: response)
            send(Array(head[..<(head.count / 2)]))
            return false
        case .cutBody(let length):
            _ = writeWhole(response, method, limit: length)
            return false
        case .raw(let bytes):
            send(bytes)
            return false
        case .rawThenOpen(let bytes):
            return send(bytes)
        case .flood(let first, let again):
            flood(first, again)
            return false
        case .trickle(let pause, let headAtOnce):
            return trickle(response, method, pause, headAtOnce: headAtOnce)
        }
    }

    private func flood(_ first: [UInt8], _ again: [UInt8]) {
        guard send(first) else { return }
        // Many at once, where they are small.
        var piece = again
        while piece.count < 16_384 { piece += again }
        while send(piece) {}
    }

    private func trickle(
        _ response: HTTPServer.Response,
        _ method: String,
        _ pause: Duration,
        headAtOnce: Bool
    ) -> Bool {
        let head = head(of: response)
        if headAtOnce, !send(head) { return false }
        let body = method == "HEAD" ? [] : response.body.contents
        for byte in headAtOnce ? body : head + body {
            guard Sockets.staysOpen(descriptor, for: pause), send([byte]) else { return false }
        }
        return true
    }

    private func writeWhole(_ response: HTTPServer.Response, _ method: String, limit: Int? = nil) -> Bool {
        let head = head(of: response)
        let body = method == "HEAD" || response.status == 304 || response.status == 204 ? .empty : response.body
        return head.withUnsafeBytes { head in
            var isHeadSent = false
            let isWhole = body.forEachPiece(limit: limit) { piece in
                defer { isHeadSent = true }
                return isHeadSent ? Sockets.send(descriptor, piece) : Sockets.send(descriptor, head, piece)
            }
            return isHeadSent ? isWhole : Sockets.send(descriptor, head)
        }
    }

    private func head(of response: HTTPServer.Response) -> [UInt8] {
        var head = utf8("HTTP/1.1 \(response.status) \(reason(response.status))\r\n")
        head.reserveCapacity(1024)
        for field in response.headers.fields {
            head += utf8(field.name)
            head += [UInt8(ascii: ":"), UInt8(ascii: " ")]
            head += field.value
            head += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        }
        let hasLength = response.headers["Content-Length"] != nil
        head += utf8(hasLength || response.status == 204 ? "\r\n" : "Content-Length: \(response.body.length)\r\n\r\n")
        return head
    }

    /// - Returns: whether the other side took it.
    @discardableResult
    private func send(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || bytes.withUnsafeBytes { Sockets.send(descriptor, $0) }
    }

    private func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 206: "Partial Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 409: "Conflict"
        case 410: "Gone"
        case 412: "Precondition Failed"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Status \(status)"
        }
    }
}
