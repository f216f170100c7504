/// What the strict Blob server keeps.
struct BlobState {
    struct Container {
        let etag: String
        let created: Int
        let metadata: [(name: String, value: String)]
        var blobs: [String: Blob] = [:]
    }

    struct Blob {
        /// Nil while there are uncommitted blocks only; then there is no blob yet for most operations.
        var committed: Committed?
        /// By block id.
        var uncommitted: [String: BlobContent.Piece] = [:]
        var lease = BlobLease()
    }

    struct Committed {
        let etag: String
        let created: Int
        let modified: Int
        let content: BlobContent
        let blocks: [(id: String, piece: BlobContent.Piece)]
        let contentMD5: String?
        let metadata: [(name: String, value: String)]
        /// Content-Type and its like, as they are answered to GET.
        let properties: [(name: String, value: String)]
    }

    var options: StrictBlobServer.Options
    var containers: [String: Container] = [:]
    private var etags = 0

    init(options: StrictBlobServer.Options) {
        self.options = options
    }

    mutating func nextETag() -> String {
        etags += 1
        let digits = String(0x8DE_0000_0000_0000 + etags, radix: 16, uppercase: true)
        return "\"0x\(digits)\""
    }

    func blob(_ call: BlobCall) throws(BlobError) -> Blob? {
        guard let container = containers[call.container ?? ""] else { throw .containerNotFound }
        return container.blobs[call.blob ?? ""]
    }
}
