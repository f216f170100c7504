/// What the process ends with, in the numbers of sysexits(3) where one fits.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// All messages moved, or the inbox was empty, or another run is alive.
    case success = 0
    /// The command line was not understood.
    case usage = 64
    /// Only invalid messages were left behind.
    case invalidMessages = 65
    /// MESH or storage can't be reached.
    case unavailable = 69
    /// A bug in this program.
    case bug = 70
    /// Some messages failed; the next run tries them again.
    case someFailed = 75
    /// Credentials, the certificate or a role were refused.
    case refused = 77
    /// The settings are not usable.
    case settings = 78
    /// Ended by SIGTERM.
    case terminated = 143
}
