package import Logging
import Transfer

/// The log of one run of the program.
package struct RunLog: Sendable {
    /// A UUID that every line carries, so that the lines of one run can be told from those of another.
    package let runID: String
    package let logger: Logger
    package let stream: LogStream
    package let lastResort: LastResort

    package init(runID: String, logger: Logger, stream: LogStream, lastResort: LastResort = LastResort()) {
        self.runID = runID
        self.logger = logger
        self.stream = stream
        self.lastResort = lastResort
    }

    /// Writes a line of this kind, if its level is logged.
    func write(_ sentence: LogSentence, _ metadata: @autoclosure () -> Logger.Metadata? = nil) {
        logger.write(sentence, metadata())
    }

    /// Writes the audit trail, if its level is logged.
    var audit: AuditTrail {
        let (level, stream) = (logger.logLevel, stream)
        return { sentence, record in
            if sentence.level >= level { stream.write(sentence, record) }
        }
    }
}
