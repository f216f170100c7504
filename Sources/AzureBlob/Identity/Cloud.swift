package import Transfer

/// The clouds that Azure has: each issues its tokens at its own place.
package enum Cloud: Sendable, CaseIterable {
    case publicCloud
    case usGovernment
    case china

    /// The cloud of a storage account, by the host of its Blob service; of private names, the public one.
    package init(storageHost: String) {
        let host = storageHost.prefix { $0 != ":" }.lowercased()
        self = Self.allCases.first { host.hasSuffix($0.storageSuffix) } ?? .publicCloud
    }

    private var storageSuffix: String {
        switch self {
        case .publicCloud: ".core.windows.net"
        case .usGovernment: ".core.usgovcloudapi.net"
        case .china: ".core.chinacloudapi.cn"
        }
    }

    /// Where its tokens are issued.
    package var authority: ServiceURL {
        switch self {
        case .publicCloud: ServiceURL("https://login.microsoftonline.com")!
        case .usGovernment: ServiceURL("https://login.microsoftonline.us")!
        case .china: ServiceURL("https://login.chinacloudapi.cn")!
        }
    }
}
