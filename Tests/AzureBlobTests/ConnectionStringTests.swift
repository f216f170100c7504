import Testing

@testable import AzureBlob

@Suite struct ConnectionStringTests {
    private static let key = "c2VjcmV0LWtleQ=="
    private static let azuriteKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    struct Form: Sendable {
        var text: String
        var url: String
        var account: String
        var credential: String
    }

    static let forms = [
        Form(
            text: "DefaultEndpointsProtocol=https;AccountName=acct1;AccountKey=\(key);EndpointSuffix=core.windows.net",
            url: "https://acct1.blob.core.windows.net",
            account: "acct1",
            credential: "account key"
        ),
        Form(
            text: " accountname=acct1 ; ACCOUNTKEY=\(key);; \n",
            url: "https://acct1.blob.core.windows.net",
            account: "acct1",
            credential: "account key"
        ),
        Form(
            text:
                "DefaultEndpointsProtocol=HTTP;AccountName=acct1;AccountKey=\(key);EndpointSuffix=storage.example",
            url: "http://acct1.blob.storage.example",
            account: "acct1",
            credential: "account key"
        ),
        Form(
            text: "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=\(azuriteKey);"
                + "BlobEndpoint=http://azurite:10000/devstoreaccount1;"
                + "QueueEndpoint=http://azurite:10001/devstoreaccount1;",
            url: "http://azurite:10000/devstoreaccount1",
            account: "devstoreaccount1",
            credential: "account key"
        ),
        Form(
            text: "BlobEndpoint=https://acct1.blob.core.windows.net/;SharedAccessSignature=?sv=2024-11-04&sig=a%2Bb%3D",
            url: "https://acct1.blob.core.windows.net",
            account: "acct1",
            credential: "shared access signature"
        ),
        Form(
            text: "AccountName=acct1;SharedAccessSignature=sv=2024-11-04&ss=b&sig=a%2Bb%3D&se=2026-12-01",
            url: "https://acct1.blob.core.windows.net",
            account: "acct1",
            credential: "shared access signature"
        ),
        Form(
            text: "AccountName=other;AccountKey=\(key);BlobEndpoint=https://storage.example.org:8443/gate/other/",
            url: "https://storage.example.org:8443/gate/other",
            account: "other",
            credential: "account key"
        ),
        Form(
            text: "UseDevelopmentStorage=true",
            url: "http://127.0.0.1:10000/devstoreaccount1",
            account: "devstoreaccount1",
            credential: "account key"
        ),
        Form(
            text: "usedevelopmentstorage=True;DevelopmentStorageProxyUri=http://azurite.local;",
            url: "http://azurite.local:10000/devstoreaccount1",
            account: "devstoreaccount1",
            credential: "account key"
        ),
    ]

    @Test(arguments: forms)
    func readsEveryForm(form: Form) throws {
        let parsed = try ConnectionString(form.text)
        let endpoint = parsed.endpoint
        #expect("\(endpoint.scheme)://\(endpoint.authority)\(endpoint.basePath)" == form.url)
        #expect(endpoint.accountName == form.account)
        #expect(parsed.credential.description == form.credential)
    }

    /// The text, and what the message says of it.
    static let mistakes = [
        ("", "empty"),
        ("  ;; ", "neither AccountName nor BlobEndpoint"),
        ("SECRET", "Part 1"),
        ("AccountName=acct1;SECRET", "Part 2"),
        ("AccountName=acct1;=SECRET", "Part 2"),
        ("\"AccountName=acct1;AccountKey=SECRET=\"", "quotation mark"),
        ("AccountName=acct1", "neither AccountKey nor SharedAccessSignature"),
        ("AccountKey=SECRETSECRET", "neither AccountName nor BlobEndpoint"),
        ("BlobEndpoint=https://x.blob.core.windows.net;AccountKey=SECRETSECRET", "no AccountName"),
        ("AccountName=acct1;AccountKey=SECRET", "not Base64"),
        ("AccountName=acct1;AccountKey=", "AccountKey has no value"),
        ("AccountName=acct1;AccountKey=SECRETSECRET;AccountKey=SECRETSECRET", "AccountKey is given twice"),
        ("AccountName=acct1;AccountKey=SECRETSECRET;SharedAccessSignature=sig=SECRET", "Both"),
        ("AccountName=Acct1;AccountKey=SECRETSECRET", "AccountName is not"),
        ("AccountName=ac;AccountKey=SECRETSECRET", "AccountName is not"),
        ("AccountName=SECRET/SECRET;AccountKey=SECRETSECRET", "AccountName is not"),
        ("AccountName=acct1;AccountKey=SECRETSECRET;DefaultEndpointsProtocol=ftp", "DefaultEndpointsProtocol"),
        ("AccountName=acct1;AccountKey=SECRETSECRET;EndpointSuffix=https://x", "EndpointSuffix"),
        ("AccountName=acct1;AccountKey=SECRETSECRET;BlobEndpoint=acct1.blob", "BlobEndpoint: The URL has no scheme"),
        ("BlobEndpoint=https://x.blob.core.windows.net?sig=SECRET;SharedAccessSignature=sig=SECRET", "query"),
        ("AccountName=acct1;SharedAccessSignature=sv=SECRET", "no signature"),
        ("AccountName=acct1;SharedAccessSignature=https://SECRET?sig=SECRET", "whole URL"),
        ("UseDevelopmentStorage=yes", "neither true nor false"),
        ("UseDevelopmentStorage=true;AccountKey=SECRETSECRET", "stands alone, but AccountKey"),
        (
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=SECRET",
            "DevelopmentStorageProxyUri: The URL has no scheme"
        ),
    ]

    @Test(arguments: mistakes)
    func saysPreciselyWhatIsWrongAndNeverShowsAValue(text: String, said: String) {
        #expect {
            try ConnectionString(text)
        } throws: {
            "\($0)".contains(said) && !"\($0)".contains("SECRET")
        }
    }

    @Test func neverShowsACredential() throws {
        for text in ["AccountName=acct1;AccountKey=\(Self.key)", "AccountName=acct1;SharedAccessSignature=sig=SECRET"] {
            let parsed = try ConnectionString(text)
            var dumped = ""
            dump(parsed, to: &dumped)
            for shown in ["\(parsed)", "\(parsed.credential)", String(reflecting: parsed), dumped] {
                #expect(!shown.contains("SECRET") && !shown.contains(Self.key) && !shown.contains("HMAC"))
            }
        }
    }
}
