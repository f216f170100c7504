import Curl
import Glibc
import Transfer

extension App {
    /// The program as it ships: real services, the process's environment, stdout and stderr.
    package init() {
        self.init(
            libraries: { "\(HTTPEngine.libraryVersion) \(Self.systemLibraryVersion)" },
            operation: { job, settings, log in
                let stop = StopRequest(isAskedElsewhere: { Signals.isTerminationAsked })
                let gracePeriod = settings.transfer.gracePeriod
                Signals.onTermination {
                    stop.make()
                    log.lastResort.end(after: gracePeriod + LastResort.patience)
                }
                // This thread does everything: it drives the transfers, and runs the tasks between them.
                return HTTPEngine.run { engine in
                    let services = Services(settings, engine: engine, surroundings: .real(engine))
                    switch job {
                    case .poll(let dryRun):
                        return await Poll(settings: settings, services: services, stop: stop, log: log).run(
                            dryRun: dryRun
                        )
                    case .check:
                        return await Check(settings: settings, services: services, stop: stop, log: log).run()
                    }
                }
            }
        )
    }

    /// Such as `glibc/2.36`, which a static binary holds too.
    private static var systemLibraryVersion: String {
        var text = [CChar](repeating: 0, count: 64)
        confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
        let bytes = text.prefix { $0 != 0 }.map { $0 == 0x20 ? UInt8(ascii: "/") : UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
