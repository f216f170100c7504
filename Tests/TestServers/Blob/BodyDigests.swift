/// The checksums of a request's body: the one that the client sent, checked, or the CRC-64 that the service computes.
struct BodyDigests {
    /// Of the body, when the client sent a Content-MD5.
    let md5: [UInt8]?
    /// Of the body, when the client sent no Content-MD5.
    let crc: CRC64?

    init(_ call: BlobCall) throws(BlobError) {
        let body = call.request.body
        let sentCRC = call.header("x-ms-content-crc64")
        guard let text = call.header("Content-MD5") else {
            let own = CRC64(of: body)
            guard sentCRC == nil || sentCRC == own.header else {
                throw BlobError(400, "Crc64Mismatch", "The CRC64 value specified in the request did not match.")
            }
            md5 = nil
            crc = own
            return
        }
        guard sentCRC == nil else {
            throw BlobError(400, "BothCrc64AndMd5HeaderPresent", "Both Content-MD5 and x-ms-content-crc64 are present.")
        }
        guard let sent = Base64.decode(text), sent.count == 16 else {
            throw BlobError(400, "InvalidMd5", "The MD5 value specified in the request is invalid.")
        }
        let own = Digest.md5.of(body)
        guard sent == own else {
            throw BlobError(
                400,
                "Md5Mismatch",
                "The MD5 value specified in the request did not match with the MD5 value calculated by the server."
            )
        }
        md5 = own
        crc = nil
    }

    func addCRC(to response: inout HTTPServer.Response) {
        if let crc { response.headers.append("x-ms-content-crc64", crc.header) }
    }
}
