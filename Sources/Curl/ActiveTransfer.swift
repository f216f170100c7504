import Blocks
import CCurl
import HTTPTypes

/// A request as it goes to the loop.
struct OutgoingRequest: Sendable {
    var request: HTTPRequest
    var body: RequestBody
    var profile: ClientProfile
    /// Asked when the connection stands, right before the first byte goes: false, and none does.
    var mayBeSent: (@Sendable () -> Bool)?
}

/// One exchange on the loop thread, from its first option to its end.
final class ActiveTransfer {
    let exchange: ExchangeCore
    let handle: EasyHandle
    private let outgoing: OutgoingRequest
    private let headArrived: (ExchangeCore) -> Void
    /// A small body: libcurl copies it behind the head, so that both go out in one piece.
    private var smallBody: PinnedBytes?
    /// How much of a large body libcurl has asked for.
    private var bodyOffset = 0
    private var head: ResponseHeadReader
    /// Why the rest of the response was refused.
    private var refusal: ResponseHeadReader.Refusal?
    /// The bytes of the body that came.
    private var received = 0
    private var sends = 0
    private var wasWithheld = false
    private var pace: TransferPace

    /// Whether libcurl was about to send the request a second time.
    var wasCutShortOfResending: Bool { sends > 1 }

    init(
        exchange: ExchangeCore,
        request: OutgoingRequest,
        handle: EasyHandle,
        headArrived: @escaping (ExchangeCore) -> Void
    ) {
        self.exchange = exchange
        self.outgoing = request
        self.handle = handle
        self.headArrived = headArrived
        head = ResponseHeadReader(answersHead: request.request.method == .head)
        pace = TransferPace(request.profile.configuration)
    }

    /// Sets what belongs to this request alone.
    func prepare() throws(CurlError) {
        handle.clearErrorText()
        try check(handle.configurationStatus)
        let easy = handle.easy
        let context = Unmanaged.passUnretained(self).toOpaque()
        try check(pmi_setopt_pointer(easy, CURLOPT_PRIVATE, context))
        try check(pmi_setopt_pointer(easy, CURLOPT_HEADERDATA, context))
        try check(pmi_setopt_pointer(easy, CURLOPT_WRITEDATA, context))
        try check(pmi_setopt_pointer(easy, CURLOPT_READDATA, context))
        try check(pmi_setopt_pointer(easy, CURLOPT_SEEKDATA, context))
        try check(pmi_setopt_pointer(easy, CURLOPT_PREREQDATA, context))
        let request = outgoing.request
        try check(handle.setTarget(request))
        try setMethodAndBody(easy, request.method)
        try check(pmi_setopt_list(easy, CURLOPT_HTTPHEADER, handle.fieldLines.fill(request.headerFields)))
    }

    private func setMethodAndBody(_ easy: UnsafeMutableRawPointer, _ method: HTTPRequest.Method) throws(CurlError) {
        switch (outgoing.body, method) {
        case (.none, .head):
            try check(pmi_setopt_long(easy, CURLOPT_NOBODY, 1))
            try check(pmi_setopt_string(easy, CURLOPT_CUSTOMREQUEST, nil))
            return
        case (.none, .get), (.none, .delete):
            try check(pmi_setopt_long(easy, CURLOPT_HTTPGET, 1))
        case (.none, _):
            try setBody(easy, at: Self.nothing, count: 0)
        case (.bytes(let content), _) where content.count > Self.largestSmallBody:
            try setBody(easy, at: nil, count: content.count)
        case (.bytes(let content), _):
            let pinned = PinnedBytes(content)
            smallBody = pinned
            try setBody(easy, at: UnsafeRawPointer(pinned.buffer.baseAddress), count: pinned.count)
        case (.block(let block), _):
            try setBody(easy, at: block.bytes.baseAddress, count: block.count)
        }
        try check(pmi_setopt_string(easy, CURLOPT_CUSTOMREQUEST, method.rawValue))
    }

    /// - Parameter content: where it lies; `nil` to be asked for it, piece by piece.
    private func setBody(
        _ easy: UnsafeMutableRawPointer,
        at content: UnsafeRawPointer?,
        count: Int
    ) throws(CurlError) {
        try check(pmi_setopt_long(easy, CURLOPT_POST, 1))
        try check(pmi_setopt_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(count)))
        try check(pmi_setopt_pointer(easy, CURLOPT_POSTFIELDS, content))
    }

    /// As much as libcurl sends together with a head.
    private static let largestSmallBody = 64 << 10

    /// Takes back what the handle borrowed, before the handle goes to another transfer.
    func detach() {
        pmi_setopt_list(handle.easy, CURLOPT_HTTPHEADER, nil)
        pmi_setopt_pointer(handle.easy, CURLOPT_POSTFIELDS, nil)
        pmi_setopt_pointer(handle.easy, CURLOPT_PRIVATE, nil)
    }

    /// What a transfer that libcurl ended with this code means.
    func result(code: CURLcode) -> Result<BodyEnd, CurlError> {
        if let refusal { return .failure(error(refusal)) }
        if wasWithheld { return .failure(error(code: code, kind: .withheld)) }
        guard code == CURLE_OK else {
            return .failure(error(code: code, kind: exchange.isCancelled ? .cancelled : nil))
        }
        // libcurl is content with a connection that closes within the head, and knows lengths that are none.
        guard head.isComplete else { return .failure(error(code: CURLE_PARTIAL_FILE)) }
        switch head.framing {
        case .absent: return .success(.absent)
        case .chunked: return .success(.lastChunk)
        case .untilClose: return .success(.connectionClosed)
        case .length(let length):
            return received == length ? .success(.lengthMet) : .failure(error(code: CURLE_PARTIAL_FILE))
        }
    }

    private func error(_ refusal: ResponseHeadReader.Refusal) -> CurlError {
        switch refusal {
        case .tooLarge:
            var error = error(code: CURLE_WRITE_ERROR, kind: .headTooLarge)
            error.text = "more than \(ResponseHeadReader.limit) bytes of headers"
            return error
        case .ambiguousFraming(let reason):
            var error = error(code: CURLE_WRITE_ERROR, kind: .ambiguousFraming)
            error.text = reason
            return error
        }
    }

    /// Counts time in which the transfer could have gone on.
    /// - Returns: the error, once it has gone on too slowly for too long.
    func spend(_ time: Duration) -> CurlError? {
        guard !exchange.isPaused else { return nil }
        var sent: curl_off_t = 0
        pmi_getinfo_offset(handle.easy, CURLINFO_SIZE_UPLOAD_T, &sent)
        guard pace.isTooSlow(after: time, bytes: Int(sent) + received) else { return nil }
        var error = error(code: CURLE_OPERATION_TIMEDOUT)
        error.text = "\(error.bytesSent) bytes sent and \(error.bytesReceived) received in \(pace.spentSeconds) seconds"
        return error
    }

    func error(code: CURLcode, kind: CurlError.Kind? = nil) -> CurlError {
        var sent: curl_off_t = 0
        var received: curl_off_t = 0
        var proxyStatus = 0
        pmi_getinfo_offset(handle.easy, CURLINFO_SIZE_UPLOAD_T, &sent)
        pmi_getinfo_offset(handle.easy, CURLINFO_SIZE_DOWNLOAD_T, &received)
        pmi_getinfo_long(handle.easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus)
        let wasStale = wasCutShortOfResending || brokeOnReuse(code)
        let text = wasStale ? "the server closed the idle connection" : handle.text(for: code)
        let general = CurlError.Kind(code: code, text: text, isRefusedByProxy: proxyStatus >= 300)
        return CurlError(
            kind: kind ?? (wasStale ? .staleConnection : general),
            code: Int(code.rawValue),
            text: text,
            host: exchange.host,
            bytesSent: Int(sent),
            bytesReceived: Int(received),
            requestMayHaveBeenSent: sends > 0
        )
    }

    /// Whether a connection that was used before took no more of the request, and gave no byte of an answer. libcurl would
    /// send again only where it finds that out while it receives.
    private func brokeOnReuse(_ code: CURLcode) -> Bool {
        guard code == CURLE_SEND_ERROR, sends > 0 else { return false }
        var (connects, answered) = (0, 0)
        pmi_getinfo_long(handle.easy, CURLINFO_NUM_CONNECTS, &connects)
        pmi_getinfo_long(handle.easy, CURLINFO_HEADER_SIZE, &answered)
        return connects == 0 && answered == 0
    }

    private func check(_ code: CURLcode) throws(CurlError) {
        guard code != CURLE_OK else { return }
        // Nothing was sent, and the counters of the handle are still those of its last transfer.
        throw CurlError(
            kind: CurlError.Kind(code: code),
            code: Int(code.rawValue),
            text: handle.text(for: code),
            host: exchange.host
        )
    }

    /// A place for the body of nothing: a null pointer would make libcurl ask for it.
    nonisolated(unsafe) private static let nothing = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
    )
}

// What libcurl calls, on the loop thread, while the transfer is in the registry.
extension ActiveTransfer {
    static let headerCallback: pmi_data_callback = { bytes, size, count, context in
        let length = size * count
        let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context!).takeUnretainedValue()
        do throws(ResponseHeadReader.Refusal) {
            if let response = try transfer.head.add(line: UnsafeRawBufferPointer(start: bytes, count: length)) {
                transfer.exchange.setHead(response)
                transfer.headArrived(transfer.exchange)
            }
            return length
        } catch {
            transfer.refusal = error
            return length == 0 ? 1 : 0
        }
    }

    static let writeCallback: pmi_data_callback = { bytes, size, count, context in
        let length = size * count
        let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context!).takeUnretainedValue()
        switch transfer.exchange.receive(UnsafeRawBufferPointer(start: bytes, count: length)) {
        case .taken:
            transfer.received += length
            return length
        case .paused: return Int(CURL_WRITEFUNC_PAUSE)
        case .refused: return length == 0 ? 1 : 0
        }
    }

    /// Gives out the next piece of a large body.
    static let readCallback: pmi_data_callback = { bytes, size, count, context in
        let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context!).takeUnretainedValue()
        return transfer.copyBody(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
    }

    private func copyBody(into room: UnsafeMutableRawBufferPointer) -> Int {
        guard case .bytes(let content) = outgoing.body else { return 0 }
        let piece = content[bodyOffset...].prefix(room.count)
        room.copyBytes(from: piece)
        bodyOffset += piece.count
        return piece.count
    }

    /// Goes back to the start of a large body, before libcurl would send it again.
    static let seekCallback: pmi_seek_callback = { context, offset, _ in
        let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context!).takeUnretainedValue()
        transfer.bodyOffset = Int(offset)
        return CURL_SEEKFUNC_OK
    }

    /// Runs before a request goes out. The second time within one transfer libcurl is about to send it again, with the
    /// same token or signature, since a reused connection was closed: the caller's own retry does that better.
    static let prerequestCallback: pmi_prerequest_callback = { context, _, _, _, _ in
        let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context!).takeUnretainedValue()
        if let mayBeSent = transfer.outgoing.mayBeSent, !mayBeSent() {
            transfer.wasWithheld = true
            return CURL_PREREQFUNC_ABORT
        }
        transfer.sends += 1
        return transfer.sends == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
}
