import Testing

/// The fixture finds what it looks for.
struct SecretsTests {
    private let secrets = Secrets(of: [
        "MESH_PASSWORD": "Pa$$/w0rd+with=signs",
        "AZURE_STORAGE_CONNECTION_STRING": "AccountName=a;AccountKey=QUJDREVG+/==;BlobEndpoint=http://127.0.0.1",
        "AZURE_STORAGE_SAS_TOKEN": "?sv=2025-11-05&sig=c2ln%2Bbg%3D%3D",
        "MESH_BASE_URL": "http://127.0.0.1",
    ])

    @Test(arguments: [
        ("token Pa$$/w0rd+with=signs", ["MESH_PASSWORD"]),
        ("token Pa%24%24%2Fw0rd%2Bwith%3Dsigns", ["MESH_PASSWORD"]),
        ("UGEkJC93MHJkK3dpdGg9c2lnbnM=", ["MESH_PASSWORD"]),
        (#"{"a":"Pa$$\/w0rd+with=signs"}"#, ["MESH_PASSWORD"]),
        ("key QUJDREVG+/==", ["AccountKey"]),
        ("GET /container?sv=2025-11-05&sig=c2ln%2Bbg%3D%3D", ["sig"]),
        ("c2ln+bg==", ["sig"]),
        ("http://127.0.0.1 AccountName=a sv=2025-11-05", []),
    ])
    func aSecretIsFoundInEveryForm(text: String, names: [String]) {
        #expect(Set(secrets.found(in: text)) == Set(names))
    }
}
