import Curl

extension App {
    /// The program as it ships: real services, the process's environment, stdout and stderr.
    package init() {
        self.init(
            libraries: { HTTPEngine.libraryVersion },
            operation: { job, settings, log in
                switch job {
                case .poll(let dryRun):
                    await Poll(settings: settings, surroundings: .real(), log: log).run(dryRun: dryRun)
                case .check:
                    await Check(settings: settings, surroundings: .real(), log: log).run()
                }
            }
        )
    }
}
