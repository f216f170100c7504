import Curl
import Transfer

extension App {
    /// The program as it ships: real services, the process's environment, stdout and stderr.
    package init() {
        self.init(
            libraries: { HTTPEngine.libraryVersion },
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
}
