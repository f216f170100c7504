import Curl
import Glibc
import Transfer

extension App {
    /// The program as it ships: real services, the process's environment, stdout and stderr.
    package init() {
        self.init(
            libraries: { "\(HTTPEngine.libraryVersion) \(Self.systemLibraryVersion)" },
            operation: { job, settings, log in
                switch job {
                case .poll(let dryRun):
                    let stop = StopRequest(isAskedElsewhere: { Signals.isTerminationAsked })
                    Signals.onTermination { stop.make() }
                    return await Poll(settings: settings, surroundings: .real(), stop: stop, log: log).run(
                        dryRun: dryRun
                    )
                case .check:
                    return await Check(settings: settings, surroundings: .real(), log: log).run()
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
