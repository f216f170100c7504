import CCurl
import Glibc

/// The loop thread: owns the multi handle and every easy handle, and nobody else touches them.
final class EngineLoop {
    private let mailbox: EngineMailbox
    private let multi: UnsafeMutableRawPointer
    private var active: [ObjectIdentifier: ActiveTransfer] = [:]
    private var idle: [ObjectIdentifier: [EasyHandle]] = [:]
    private var headsArrived: [ExchangeCore] = []
    private var timers = TimerQueue()
    private var pacedAt = ContinuousClock.now
    private var mustStop = false

    private static let globalInitialisation = curl_global_init(Int(CURL_GLOBAL_ALL))

    init(mailbox: EngineMailbox, multi: UnsafeMutableRawPointer) {
        self.mailbox = mailbox
        self.multi = multi
    }

    /// Makes libcurl usable, once for the process.
    static func initialise() {
        precondition(globalInitialisation == CURLE_OK, "libcurl could not be initialised")
    }

    static func makeMulti() -> OpaquePointerBox {
        initialise()
        guard let multi = curl_multi_init() else { fatalError("libcurl has no memory for its multi handle") }
        return OpaquePointerBox(pointer: multi)
    }

    static func startThread(mailbox: EngineMailbox, multi: OpaquePointerBox) {
        QuietThread.start { EngineLoop(mailbox: mailbox, multi: multi.pointer).run() }
    }

    func run() {
        var commands: [HTTPEngine.Command] = []
        while !mustStop {
            timers.endDue()
            mailbox.take(&commands)
            // What these bring about, such as the jobs of tasks that go on, is done before the sockets are looked at again.
            while !commands.isEmpty {
                for command in commands {
                    handle(command)
                }
                commands.removeAll(keepingCapacity: true)
                mailbox.take(&commands)
            }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            finishTransfers()
            publishHeads()
            endSlowTransfers()
            if !mustStop && mailbox.mayPoll() {
                curl_multi_poll(multi, nil, 0, timers.pause(atMost: active.isEmpty ? 60_000 : 1_000), nil)
            }
        }
        let late = mailbox.close()
        for transfer in Array(active.values) {
            end(transfer, .failure(transfer.error(code: CURLE_ABORTED_BY_CALLBACK, kind: .cancelled)))
        }
        for case .start(let exchange, _) in late {
            exchange.end(.failure(.stopped(host: exchange.host)))
        }
        idle.removeAll()
        curl_multi_cleanup(multi)
    }

    private func handle(_ command: HTTPEngine.Command) {
        switch command {
        case .start(let exchange, let request):
            start(exchange, request)
        case .resume(let exchange):
            if let transfer = active[ObjectIdentifier(exchange)] {
                curl_easy_pause(transfer.handle.easy, CURLPAUSE_CONT)
            }
        case .cancel(let exchange):
            if let transfer = active[ObjectIdentifier(exchange)] {
                end(transfer, .failure(transfer.error(code: CURLE_ABORTED_BY_CALLBACK, kind: .cancelled)))
            }
        case .job(let job, let executor):
            job.runSynchronously(on: executor)
        case .wake(let timer):
            timers.add(timer)
        case .stop:
            mustStop = true
        }
    }

    private func start(_ exchange: ExchangeCore, _ request: OutgoingRequest) {
        if exchange.isCancelled {
            exchange.end(.failure(.stopped(host: exchange.host)))
            return
        }
        let profile = ObjectIdentifier(request.profile)
        let handle = idle[profile]?.popLast() ?? EasyHandle(profile: request.profile)
        let transfer = ActiveTransfer(exchange: exchange, request: request, handle: handle) { [unowned self] in
            headsArrived.append($0)
        }
        do throws(CurlError) {
            try transfer.prepare()
        } catch {
            exchange.end(.failure(error))
            return
        }
        let status = curl_multi_add_handle(multi, handle.easy)
        guard status == CURLM_OK else {
            let text = String(cString: curl_multi_strerror(status))
            exchange.end(
                .failure(
                    CurlError(kind: .other, code: Int(CURLE_FAILED_INIT.rawValue), text: text, host: exchange.host)
                )
            )
            return
        }
        // While nothing was under way the loop slept: that time is no transfer's.
        if active.isEmpty { pacedAt = .now }
        active[ObjectIdentifier(exchange)] = transfer
    }

    private func finishTransfers() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            var context: UnsafeMutableRawPointer?
            pmi_getinfo_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            let code = message.pointee.data.result
            let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context!).takeUnretainedValue()
            end(transfer, transfer.result(code: code))
        }
    }

    private func publishHeads() {
        for exchange in headsArrived {
            exchange.publishHead()
        }
        headsArrived.removeAll(keepingCapacity: true)
    }

    /// Looks once a second whether each transfer goes on fast enough.
    private func endSlowTransfers() {
        let now = ContinuousClock.now
        let time = pacedAt.duration(to: now)
        guard time >= .seconds(1) else { return }
        pacedAt = now
        // A process that was stopped meanwhile has given them no time.
        for transfer in Array(active.values) {
            if let error = transfer.spend(min(time, .seconds(2))) { end(transfer, .failure(error)) }
        }
    }

    private func end(_ transfer: ActiveTransfer, _ result: Result<BodyEnd, CurlError>) {
        curl_multi_remove_handle(multi, transfer.handle.easy)
        active[ObjectIdentifier(transfer.exchange)] = nil
        transfer.detach()
        // A handle remembers how often libcurl would have sent again, over all its transfers, and gives up after five.
        if !transfer.wasCutShortOfResending {
            idle[ObjectIdentifier(transfer.handle.profile), default: []].append(transfer.handle)
        }
        transfer.exchange.end(result)
    }
}
