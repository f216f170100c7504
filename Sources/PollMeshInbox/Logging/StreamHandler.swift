import Logging

/// Writes what is logged to a ``LogStream``.
struct StreamHandler: LogHandler {
    let stream: LogStream
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(stream: LogStream, logLevel: Logger.Level) {
        self.stream = stream
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Values of the statement itself win over those of the logger, and these over those of the provider.
    func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() {
            merged.merge(provided) { own, _ in own }
        }
        if let error = event.error {
            merged["error.type"] = .string("\(type(of: error))")
            merged["error.message"] = .string("\(error)")
        }
        if let own = event.metadata {
            merged.merge(own) { _, new in new }
        }
        stream.write(stream.record(event.level, event.message.description, merged))
    }
}
