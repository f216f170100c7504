/// What a request asks of the service.
enum BlobOperation: Equatable {
    case listContainers
    case createContainer
    case containerProperties
    case deleteContainer
    case listBlobs
    case putBlob
    case putBlock
    case putBlockList
    case getBlockList
    case getBlob
    case getBlobProperties
    case deleteBlob
    case leaseBlob

    init(_ call: BlobCall) throws(BlobError) {
        let component = call[query: "comp"]
        let isContainer = call[query: "restype"] == "container"
        let operation: BlobOperation? =
            switch (call.request.method, call.container != nil, call.blob != nil, component) {
            case ("GET", false, false, "list"): .listContainers
            case ("PUT", true, false, nil) where isContainer: .createContainer
            case ("GET", true, false, nil) where isContainer: .containerProperties
            case ("HEAD", true, false, nil) where isContainer: .containerProperties
            case ("DELETE", true, false, nil) where isContainer: .deleteContainer
            case ("GET", true, false, "list") where isContainer: .listBlobs
            case ("PUT", true, true, nil): .putBlob
            case ("PUT", true, true, "block"): .putBlock
            case ("PUT", true, true, "blocklist"): .putBlockList
            case ("GET", true, true, "blocklist"): .getBlockList
            case ("GET", true, true, nil): .getBlob
            case ("HEAD", true, true, nil): .getBlobProperties
            case ("DELETE", true, true, nil): .deleteBlob
            case ("PUT", true, true, "lease"): .leaseBlob
            default: nil
            }
        guard let operation else {
            throw BlobError(
                400,
                "UnsupportedHttpVerb",
                "This server does not know \(call.request.method) \(call.request.target)."
            )
        }
        self = operation
    }

    /// The resource type of an account SAS: service, container, or object.
    var resourceType: Character {
        switch self {
        case .listContainers: "s"
        case .createContainer, .containerProperties, .deleteContainer, .listBlobs: "c"
        default: "o"
        }
    }

    /// The permissions of a SAS of which one is enough.
    func permissions(blobExists: Bool) -> String {
        switch self {
        case .listContainers, .listBlobs: "l"
        case .createContainer: "cw"
        case .containerProperties, .getBlockList, .getBlob, .getBlobProperties: "r"
        case .deleteContainer, .deleteBlob: "d"
        case .putBlob: blobExists ? "w" : "cw"
        case .putBlock, .putBlockList: "w"
        case .leaseBlob: "wd"
        }
    }
}
