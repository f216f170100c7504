/// Everything that a command line can ask for and that is not answered at once.
enum CommandLineRequest: Sendable, Equatable {
    case job(Job)
    case listSettings(SettingsListing.Format)
}
