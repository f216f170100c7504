extension String {
    /// Whether all bytes of the text in UTF-8 are good. None of them ends the loop, so that many are looked at at once.
    @inline(__always)
    func hasOnlyBytes(_ isGood: (UInt8) -> Bool) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            var areGood = true
            for byte in bytes {
                let isGood = isGood(byte)
                areGood = areGood && isGood
            }
            return areGood
        }
    }
}
