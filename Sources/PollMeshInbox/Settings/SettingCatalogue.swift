/// Every setting there is, once: what users are told of them and how they are read.
package enum SettingCatalogue {
    /// All settings, in the order in which they are shown.
    package static let all: [Setting] = mesh + storage + identity + blobs + run + process + telemetry

    static let names = all.map(\.name)

    /// The places of the settings in ``all``, by name.
    static let order = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
}
