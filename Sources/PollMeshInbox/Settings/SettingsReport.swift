/// What reading the settings gave: the settings, or all that is wrong with them, and how to say so.
package struct SettingsReport: Sendable {
    /// `nil` when there are problems.
    package var settings: Settings?
    /// In the order of the catalogue.
    package var problems: [SettingFinding]
    /// In the order of the catalogue; unknown variables last.
    package var warnings: [SettingFinding]
    /// Every secret that was read, whole and in those parts that are secret by themselves.
    package var secrets: [Secret]
    /// As far as they were usable, or the defaults.
    package var process: Settings.Process
}
