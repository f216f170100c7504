import Dispatch
import Glibc

/// The few calls of the operating system that the server is made of.
enum Sockets {
    /// - Parameter port: 0 for one that is free.
    /// - Returns: a listener that keeps its port from others until it is closed, also after its shutdown.
    static func listen(port: Int) throws(ServerError) -> Int32 {
        guard port == 0 else {
            let listener = try bind(to: port)
            guard Glibc.listen(listener, 1024) == 0 else { throw closing(listener, "listening on 127.0.0.1:\(port)") }
            return listener
        }
        // A port that the kernel chose ends with the shutdown, and the next server gets it: so it is asked for by number.
        let finder = try bind(to: 0)
        defer { close(finder) }
        return try listen(port: Sockets.port(of: finder))
    }

    private static func bind(to port: Int) throws(ServerError) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("socket") }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0 else { throw closing(descriptor, "listening on 127.0.0.1:\(port)") }
        return descriptor
    }

    private static func closing(_ descriptor: Int32, _ what: String) -> ServerError {
        let error = failure(what)
        close(descriptor)
        return error
    }

    static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// The next connection, nil when the listener was shut down.
    static func accept(_ listener: Int32) -> Int32? {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor >= 0 {
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                var yes: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                return descriptor
            }
            let reason = errno
            if reason == EINVAL { return nil }
            precondition(
                reason == EINTR || reason == ECONNABORTED,
                "accepting failed: \(String(cString: strerror(reason)))"
            )
        }
    }

    /// Reads what is there, at least one byte; nil at the end or on an error.
    static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return count }
            guard count < 0, errno == EINTR else { return nil }
        }
    }

    /// Sends two pieces in one go, whole.
    /// - Returns: whether the other side took it.
    static func send(
        _ descriptor: Int32,
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) -> Bool {
        var sent = 0
        let total = first.count + second.count
        while sent < total {
            let skippedOfFirst = min(sent, first.count)
            let skippedOfSecond = sent - skippedOfFirst
            let count = withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
                parts.initializeElement(
                    at: 0,
                    to: iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress.map { $0 + skippedOfFirst }),
                        iov_len: first.count - skippedOfFirst
                    )
                )
                parts.initializeElement(
                    at: 1,
                    to: iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress.map { $0 + skippedOfSecond }),
                        iov_len: second.count - skippedOfSecond
                    )
                )
                var message = msghdr()
                message.msg_iov = parts.baseAddress
                message.msg_iovlen = 2
                return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Waits, unless the other side closes meanwhile or sends what it was not asked for.
    static func staysOpen(_ descriptor: Int32, for time: Duration) -> Bool {
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        return poll(&descriptors, 1, Int32(time / .milliseconds(1))) == 0
    }

    /// Resets the connection (RST) at once.
    static func reset(_ descriptor: Int32) {
        var address = sockaddr()
        address.sa_family = sa_family_t(AF_UNSPEC)
        connect(descriptor, &address, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// Closes, with the FIN sent even if a child process inherited the descriptor in the moment of its start.
    static func close(_ descriptor: Int32) {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    private static func failure(_ what: String) -> ServerError {
        ServerError(description: "\(what) failed: \(String(cString: strerror(errno)))")
    }
}

/// Runs a closure on a thread of its own, which the group waits for.
func startThread(_ group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
    final class Job: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    group.enter()
    let job = Unmanaged.passRetained(
        Job {
            body()
            group.leave()
        }
    )
    var thread = pthread_t()
    let status = pthread_create(
        &thread,
        nil,
        {
            Unmanaged<Job>.fromOpaque($0!).takeRetainedValue().body()
            return nil
        },
        job.toOpaque()
    )
    precondition(status == 0, "no thread could be started")
    pthread_detach(thread)
}
