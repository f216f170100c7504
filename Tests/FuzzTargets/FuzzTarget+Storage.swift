import AzureBlob
import LocalDirectory
import Transfer

extension FuzzTarget {
    private static let key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    static let connectionString = FuzzTarget(
        "connection-string",
        seeds: [
            "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=\(key);EndpointSuffix=core.windows.net",
            "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;AccountName=devstoreaccount1;AccountKey=\(key);",
            "BlobEndpoint=https://a.blob.core.windows.net;SharedAccessSignature=sv=2025-11-05&se=2026-11-23&sig=a%3D",
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://[::1]",
        ],
        words: [";", "=", "AccountKey=", "BlobEndpoint=", "://", "[", "]", ":65536", "sig=", "%", "\u{feff}"]
    ) { input in
        do {
            let connection = try ConnectionString(input.text)
            promise("\(connection.credential)".utf8.count < 40, "a credential that describes itself")
            _ = connection.endpoint.isLoopback
        } catch {
            promise(!"\(error)".contains(key), "a problem that shows the key")
        }
    }

    static let accountURL = FuzzTarget(
        "account-url",
        seeds: [
            "https://account.blob.core.windows.net", "http://127.0.0.1:10000/devstoreaccount1", "http://[::1]:8/a/",
        ],
        words: ["://", "/", "//", "[", "]", ":", "@", "?", "#", ".blob.", ".dfs.", "%", "é"]
    ) { input in
        guard let endpoint = try? StorageEndpoint(accountURL: input.text) else { return }
        promise(!endpoint.authority.isEmpty, "no host")
        promise(!endpoint.basePath.hasSuffix("/"), endpoint.basePath)
        _ = endpoint.isLoopback
    }

    static let sharedAccessSignature = FuzzTarget(
        "shared-access-signature",
        seeds: [
            "?sv=2025-11-05&ss=b&srt=co&sp=rwl&se=2026-11-23T15%3A00%3A00Z&sig=abc%2Bdef%3D",
            "se=2026-11-23&sig=a", "se=2026-11-23T15:00Z&sig=a",
        ],
        words: ["se=", "sig=", "&", "%", "%3A", "T", "Z", "-", "9999-12-31T23:59:59Z", "0000-00-00", "."]
    ) { input in
        guard let signature = try? SharedAccessSignature(input.text) else { return }
        promise("\(signature)" == "shared access signature", "it shows itself")
        _ = signature.expirySeconds
    }

    static let storageError = FuzzTarget(
        "storage-error",
        seeds: [
            """
            <?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code><Message>Server failed.
            RequestId:1</Message><AuthenticationErrorDetail>sig=secret</AuthenticationErrorDetail></Error>
            """,
            "<Error><Code>BlobAlreadyExists</Code></Error>", "\u{feff}<?xml?><Error><Message></Message></Error>",
            "Content-Length: 17\nx-ms-meta-meshmessageid: A\nx-ms-meta-a: b",
        ],
        words: ["<Error>", "<Code>", "</Code>", "<Message>", "</Message>", "<?xml", "&sig=", "\n", "é", "-1"]
    ) { input in
        let error = ErrorBody(input)
        promise(error.code?.isEmpty != true && error.message?.isEmpty != true, "an empty text")
        promise(error.message?.contains { $0.isNewline } != true, "two lines")
        _ = BlobProperties(responseFields(of: input))
    }

    static let metadataRecord = FuzzTarget(
        "metadata-record",
        seeds: [
            #"{"contentType":"application/octet-stream","metadata":{"meshmessageid":"ABC0001","sha256":"00"}}"#,
            #"{"contentType":"a","metadata":{}}"#,
        ],
        words: jsonWords + ["contentType", "metadata", "meshmessageid"]
    ) { input in
        guard let record = MetadataRecord(input) else { return }
        let again = MetadataRecord(record.text)
        promise(again?.blobMetadata == record.blobMetadata, "it can't be read again")
    }
}
