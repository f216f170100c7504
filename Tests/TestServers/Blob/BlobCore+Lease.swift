import Synchronization

extension BlobCore {
    /// Lease Blob: acquire, renew, change, release, break.
    func leaseBlob(_ call: BlobCall) throws(BlobError) -> HTTPServer.Response {
        guard let action = call.header("x-ms-lease-action") else { throw .missingHeader("x-ms-lease-action") }
        return try locked { state throws(BlobError) in
            guard var blob = try state.blob(call), let committed = blob.committed else { throw .blobNotFound }
            try BlobConditions.check(call, committed, isWrite: true, options: state.options)
            var response = HTTPServer.Response(
                200,
                headers: ["ETag": committed.etag, "Last-Modified": Timestamp.http(committed.modified)]
            )
            var id = ""
            switch action.lowercased() {
            case "acquire":
                id = try Self.guid(call, "x-ms-proposed-lease-id", default: freshGUID())
                try blob.lease.acquire(id: id, duration: try Self.duration(call), now: call.now)
                response.status = 201
            case "renew":
                id = try Self.guid(call, "x-ms-lease-id")
                try blob.lease.renew(id: id, now: call.now)
            case "change":
                let old = try Self.guid(call, "x-ms-lease-id")
                id = try Self.guid(call, "x-ms-proposed-lease-id")
                try blob.lease.change(from: old, to: id, now: call.now)
            case "release":
                id = try Self.guid(call, "x-ms-lease-id")
                try blob.lease.release(id: id, now: call.now)
            case "break":
                let period = try Self.period(call)
                let left = try blob.lease.breakLease(period: period, now: call.now)
                response.status = 202
                response.headers.append("x-ms-lease-time", "\(left)")
            default:
                throw .badHeader("x-ms-lease-action", action)
            }
            if !id.isEmpty, action.lowercased() != "release" { response.headers.append("x-ms-lease-id", id) }
            state.containers[call.container!]!.blobs[call.blob!] = blob
            log.append(
                .leased(container: call.container!, name: call.blob!, action: action.lowercased(), id: id)
            )
            return response
        }
    }

    private static func duration(_ call: BlobCall) throws(BlobError) -> Int {
        guard let text = call.header("x-ms-lease-duration") else { throw .missingHeader("x-ms-lease-duration") }
        guard let duration = Int(text), duration == -1 || (15...60).contains(duration) else {
            throw .badHeader("x-ms-lease-duration", text)
        }
        return duration
    }

    private static func period(_ call: BlobCall) throws(BlobError) -> Int? {
        guard let text = call.header("x-ms-lease-break-period") else { return nil }
        guard let period = Int(text), (0...60).contains(period) else {
            throw .badHeader("x-ms-lease-break-period", text)
        }
        return period
    }

    /// A lease id has the form of a GUID.
    private static func guid(_ call: BlobCall, _ name: String, default fallback: String? = nil) throws(BlobError)
        -> String
    {
        guard let text = call.header(name) ?? fallback else { throw .missingHeader(name) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12], parts.joined().allSatisfy(\.isHexDigit) else {
            throw .badHeader(name, text)
        }
        return text.lowercased()
    }
}
