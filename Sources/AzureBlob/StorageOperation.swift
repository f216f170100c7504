/// The operations of the Blob service that are used here.
package enum StorageOperation: String, Sendable, CaseIterable {
    case createContainer = "Create Container"
    case putBlob = "Put Blob"
    case replaceBlob = "Put Blob (replace)"
    case putBlock = "Put Block"
    case putBlockList = "Put Block List"
    case getBlobProperties = "Get Blob Properties"
    case getBlob = "Get Blob"
    case deleteBlob = "Delete Blob"
    case acquireLease = "Acquire Lease"
    case renewLease = "Renew Lease"
    case releaseLease = "Release Lease"

    /// The one status that says that it was done.
    var success: Int {
        switch self {
        case .createContainer, .putBlob, .replaceBlob, .putBlock, .putBlockList, .acquireLease: 201
        case .getBlobProperties, .getBlob, .renewLease, .releaseLease: 200
        case .deleteBlob: 202
        }
    }

    /// Whether it makes a blob under the condition that there is none.
    var createsBlob: Bool {
        self == .putBlob || self == .putBlockList
    }
}
