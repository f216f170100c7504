package import Logging

extension Failure {
    /// The failure as fields of a log line, which whoever writes it looks through for secrets and cuts.
    package var fields: Logger.Metadata {
        var fields: Logger.Metadata = ["error.type": "\(type)", "error.message": .stringConvertible(wording)]
        if let advice { fields["error.advice"] = "\(advice)" }
        if let status { fields["http.response.status_code"] = .stringConvertible(status) }
        if let requestID { fields["\(service.rawValue).request_id"] = "\(requestID.printableASCII)" }
        if let server { fields["server.address"] = "\(server)" }
        return fields
    }
}

extension String {
    /// What an id may consist of: anything but printable ASCII becomes a question mark.
    fileprivate var printableASCII: String {
        if hasOnlyBytes({ (0x21...0x7e).contains($0) }) { return self }
        return String(unicodeScalars.map { (0x21...0x7e).contains($0.value) ? Character($0) : "?" })
    }
}

extension Logger.Metadata {
    static func + (left: Logger.Metadata, right: Logger.Metadata) -> Logger.Metadata {
        left.merging(right) { _, new in new }
    }
}
