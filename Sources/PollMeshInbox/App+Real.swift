import Curl
import Transfer

extension App {
    /// The program as it ships: real services, the process's environment, stdout and stderr.
    package init() {
        self.init(
            libraries: { HTTPEngine.libraryVersion },
            operation: { job, settings, log in
                let stop = StopRequest(isAskedElsewhere: { Signals.isTerminationAsked })
                if case .poll = job { Signals.onTermination { stop.make() } }
                // This thread does everything: it drives the transfers, and runs the tasks between them.
                return HTTPEngine.run { engine in
                    let services = Services(settings, engine: engine, surroundings: .real(engine))
                    switch job {
                    case .poll(let dryRun):
                        return await Poll(settings: settings, services: services, stop: stop, log: log).run(
                            dryRun: dryRun
                        )
                    case .check:
                        return await Check(settings: settings, services: services, log: log).run()
                    }
                }
            }
        )
    }
}
