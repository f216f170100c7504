import CCurl
import HTTPTypes

/// One easy handle and everything that it borrows. What all requests of its client share is set once.
final class EasyHandle {
    let easy: UnsafeMutableRawPointer
    let profile: ClientProfile
    let fieldLines = FieldLines()
    private let errorText: UnsafeMutablePointer<CChar>
    /// Scheme and authority of the last request.
    private var origin = (scheme: "", authority: "")
    /// The first option that could not be set, or CURLE_OK.
    private(set) var configurationStatus = CURLE_OK

    init(profile: ClientProfile) {
        guard let easy = curl_easy_init() else { fatalError("libcurl has no memory for a handle") }
        self.easy = easy
        self.profile = profile
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        configurationStatus = Self.configure(easy, profile, errorText)
    }

    deinit {
        curl_easy_cleanup(easy)
        errorText.deallocate()
    }

    /// libcurl's words on the last failure, or its general ones for the code.
    func text(for code: CURLcode) -> String {
        let own = String(cString: errorText)
        return own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
    }

    func clearErrorText() {
        errorText.pointee = 0
    }

    /// Says where a request goes. Scheme and authority seldom change, and libcurl needn't take every target apart.
    func setTarget(_ request: HTTPRequest) -> CURLcode {
        let (scheme, authority, path) = (request.scheme ?? "https", request.authority ?? "", request.path ?? "/")
        if scheme == "http" && profile.mayUseHTTPProxy {
            // Such a proxy is sent the whole URL as target, which libcurl makes of this.
            return pmi_setopt_string(easy, CURLOPT_URL, "\(scheme)://\(authority)\(path)")
        }
        // libcurl sends a target as it is.
        guard Self.isTarget(path) else { return CURLE_URL_MALFORMAT }
        if scheme != origin.scheme || authority != origin.authority {
            let status = pmi_setopt_string(easy, CURLOPT_URL, "\(scheme)://\(authority)/")
            guard status == CURLE_OK else { return status }
            origin = (scheme, authority)
        }
        return pmi_setopt_string(easy, CURLOPT_REQUEST_TARGET, path)
    }

    private static func isTarget(_ path: String) -> Bool {
        var path = path
        return path.withUTF8 { $0.first == UInt8(ascii: "/") && $0.allSatisfy { $0 > 0x20 && $0 != 0x7f } }
    }

    private static func configure(
        _ easy: UnsafeMutableRawPointer,
        _ profile: ClientProfile,
        _ errorText: UnsafeMutablePointer<CChar>
    ) -> CURLcode {
        var first = CURLE_OK
        func check(_ code: CURLcode) {
            if first == CURLE_OK { first = code }
        }
        let configuration = profile.configuration
        check(pmi_setopt_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        check(pmi_setopt_long(easy, CURLOPT_NOSIGNAL, 1))
        check(pmi_setopt_string(easy, CURLOPT_PROTOCOLS_STR, "http,https"))
        check(pmi_setopt_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1))
        check(pmi_setopt_long(easy, CURLOPT_FOLLOWLOCATION, 0))
        check(pmi_setopt_long(easy, CURLOPT_PATH_AS_IS, 1))
        check(pmi_setopt_long(easy, CURLOPT_HTTP_CONTENT_DECODING, 0))
        check(pmi_setopt_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1))
        check(pmi_setopt_long(easy, CURLOPT_TCP_KEEPALIVE, 1))
        check(pmi_setopt_long(easy, CURLOPT_BUFFERSIZE, ExchangeCore.spillLimit))
        check(pmi_setopt_long(easy, CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10))
        check(pmi_setopt_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(configuration.connectTimeout.milliseconds)))
        check(pmi_setopt_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1))
        check(
            pmi_setopt_long(easy, CURLOPT_LOW_SPEED_TIME, Int(max(1, configuration.stallTimeout.milliseconds / 1000)))
        )
        if let userAgent = configuration.userAgent {
            check(pmi_setopt_string(easy, CURLOPT_USERAGENT, userAgent))
        }
        if !configuration.usesProxies {
            check(pmi_setopt_string(easy, CURLOPT_PROXY, ""))
        }
        check(pmi_setopt_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2))
        // A bundle that was given stands alone: libcurl would still trust its built-in folder beside it.
        switch configuration.trust {
        case .system: break
        case .file(let path):
            check(pmi_setopt_string(easy, CURLOPT_CAINFO, path))
            check(pmi_setopt_string(easy, CURLOPT_CAPATH, nil))
        case .pem:
            check(blob(easy, CURLOPT_CAINFO_BLOB, profile.trust))
            check(pmi_setopt_string(easy, CURLOPT_CAPATH, nil))
        }
        if let certificate = configuration.clientCertificate {
            check(blob(easy, CURLOPT_SSLCERT_BLOB, profile.certificate))
            check(blob(easy, CURLOPT_SSLKEY_BLOB, profile.key))
            // Without one, OpenSSL would ask for the password of an encrypted key at the terminal.
            check(pmi_setopt_string(easy, CURLOPT_KEYPASSWD, certificate.keyPassword ?? ""))
        }
        check(pmi_setopt_data_callback(easy, CURLOPT_HEADERFUNCTION, ActiveTransfer.headerCallback))
        check(pmi_setopt_data_callback(easy, CURLOPT_WRITEFUNCTION, ActiveTransfer.writeCallback))
        check(pmi_setopt_data_callback(easy, CURLOPT_READFUNCTION, ActiveTransfer.readCallback))
        check(pmi_setopt_seek(easy, ActiveTransfer.seekCallback))
        check(pmi_setopt_prerequest(easy, ActiveTransfer.prerequestCallback))
        return first
    }

    private static func blob(
        _ easy: UnsafeMutableRawPointer,
        _ option: CURLoption,
        _ bytes: PinnedBytes?
    ) -> CURLcode {
        guard let bytes else { return CURLE_OK }
        return pmi_setopt_blob(easy, option, bytes.buffer.baseAddress, bytes.count)
    }
}

extension Duration {
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
