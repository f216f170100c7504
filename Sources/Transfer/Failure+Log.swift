package import Logging

extension Failure {
    /// The failure as fields of a log line.
    package var fields: Logger.Metadata {
        var fields: Logger.Metadata = ["error.type": "\(type)", "error.message": "\(message)"]
        if let advice { fields["error.advice"] = "\(advice)" }
        if let status { fields["http.response.status_code"] = .stringConvertible(status) }
        if let requestID { fields["\(service.rawValue).request_id"] = "\(requestID)" }
        if let server { fields["server.address"] = "\(server)" }
        return fields
    }
}

extension Logger.Metadata {
    static func + (left: Logger.Metadata, right: Logger.Metadata) -> Logger.Metadata {
        left.merging(right) { _, new in new }
    }
}
