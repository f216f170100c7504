import Testing

extension Tag {
    /// Takes more than a few seconds, or gigabytes.
    @Tag static var slow: Self
    /// Mounts file systems or changes the root, which needs root.
    @Tag static var needsRoot: Self
}
