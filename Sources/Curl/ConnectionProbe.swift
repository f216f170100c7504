import CCurl

/// What one request on a connection of its own has shown of the way to a service.
package struct ConnectionReport: Sendable {
    /// The address that was connected to: the service's, or that of a proxy.
    package var address: String
    /// The certificates that the service sent, its own first, in PEM; none without TLS.
    package var certificates: [[UInt8]]
    package var status: Int
    /// The `Date` of the answer, as it is.
    package var date: String?

    package init(address: String, certificates: [[UInt8]], status: Int, date: String?) {
        self.address = address
        self.certificates = certificates
        self.status = status
        self.date = date
    }
}

/// Looks at the way to a service, with the trust, the certificate and the limits that its clients have.
package struct ConnectionProbe: Sendable {
    private let profile: ClientProfile

    package init(_ configuration: ClientConfiguration) {
        profile = ClientProfile(configuration)
    }

    /// Asks for a path with GET, on a thread of its own, and drops the content. It can't be cancelled; the limits of the
    /// configuration end it.
    package func ask(_ scheme: String, _ authority: String, _ path: String) async throws(CurlError) -> ConnectionReport
    {
        let url = "\(scheme)://\(authority)\(path)"
        let result = await withCheckedContinuation { continuation in
            QuietThread.start { [profile] in
                continuation.resume(returning: Self.perform(profile, url: url, host: authority))
            }
        }
        return try result.get()
    }

    private static func perform(
        _ profile: ClientProfile,
        url: String,
        host: String
    ) -> Result<ConnectionReport, CurlError> {
        EngineLoop.initialise()
        let handle = EasyHandle(profile: profile)
        let easy = handle.easy
        var code = handle.configurationStatus
        for status in [
            pmi_setopt_pointer(easy, CURLOPT_PREREQFUNCTION, nil),
            pmi_setopt_pointer(easy, CURLOPT_HEADERFUNCTION, nil),
            pmi_setopt_data_callback(easy, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count },
            pmi_setopt_string(easy, CURLOPT_URL, url),
            pmi_setopt_long(easy, CURLOPT_CERTINFO, 1),
        ] where code == CURLE_OK {
            code = status
        }
        if code == CURLE_OK {
            code = curl_easy_perform(easy)
        }
        var status = 0
        pmi_getinfo_long(easy, CURLINFO_RESPONSE_CODE, &status)
        guard code == CURLE_OK else {
            let text = handle.text(for: code)
            var proxyStatus = 0
            pmi_getinfo_long(easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus)
            let kind = CurlError.Kind(code: code, text: text, isRefusedByProxy: proxyStatus >= 300)
            var sent = 0
            pmi_getinfo_long(easy, CURLINFO_REQUEST_SIZE, &sent)
            return .failure(
                CurlError(
                    kind: kind,
                    code: Int(code.rawValue),
                    text: text,
                    host: host,
                    requestMayHaveBeenSent: sent > 0
                )
            )
        }
        return .success(
            ConnectionReport(
                address: string(easy, CURLINFO_PRIMARY_IP),
                certificates: certificates(easy),
                status: status,
                date: header(easy, "date")
            )
        )
    }

    private static func string(_ easy: UnsafeMutableRawPointer, _ info: CURLINFO) -> String {
        var text: UnsafeMutableRawPointer?
        pmi_getinfo_pointer(easy, info, &text)
        return text.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) } ?? ""
    }

    private static func header(_ easy: UnsafeMutableRawPointer, _ name: String) -> String? {
        var field: UnsafeMutablePointer<curl_header>?
        guard curl_easy_header(easy, name, 0, UInt32(CURLH_HEADER), -1, &field) == CURLHE_OK else { return nil }
        return field?.pointee.value.map { String(cString: $0) }
    }

    /// The certificates among what libcurl knows of each: lines of `name:value`.
    private static func certificates(_ easy: UnsafeMutableRawPointer) -> [[UInt8]] {
        var found: UnsafeMutableRawPointer?
        pmi_getinfo_pointer(easy, CURLINFO_CERTINFO, &found)
        guard let info = found?.assumingMemoryBound(to: curl_certinfo.self).pointee, let lists = info.certinfo else {
            return []
        }
        return (0..<Int(info.num_of_certs)).compactMap { index in
            var line = lists[index]
            while let current = line?.pointee {
                let text = String(cString: current.data)
                if text.hasPrefix("Cert:") { return Array(text.dropFirst("Cert:".count).utf8) }
                line = current.next
            }
            return nil
        }
    }
}
