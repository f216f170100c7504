/// The line at the bottom of a terminal.
enum ProgressLine {
    /// - Parameter width: the columns that there are; what is longer is cut, since it would wrap and stay.
    static func text(_ rate: ProgressRate, width: Int) -> String {
        guard let last = rate.last else { return "" }
        var parts = [
            "\(grouped(last.done)) of \(grouped(last.known)) messages", size(Double(last.bytes)),
            "\(grouped(Int(rate.messagesPerSecond.rounded()))) messages/s", "\(size(rate.bytesPerSecond))/s",
        ]
        if last.done < last.known {
            parts.append(
                rate.secondsLeft.map { "about \(duration($0)) left" } ?? "\(grouped(last.known - last.done)) left"
            )
        }
        return String(parts.joined(separator: ", ").prefix(max(0, width - 1)))
    }

    static func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(number).reversed().enumerated() {
            if place > 0 && place % 3 == 0 && digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    static func size(_ bytes: Double) -> String {
        var value = bytes
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1024 { return unit == "B" ? "\(Int(value)) B" : "\(tenths(value)) \(unit)" }
            value /= 1024
        }
        return "\(tenths(value)) TiB"
    }

    static func duration(_ seconds: Double) -> String {
        if seconds < 60 { return "\(Int(seconds.rounded(.up))) s" }
        if seconds < 3_600 { return "\(Int((seconds / 60).rounded(.up))) min" }
        return seconds < 360_000 ? "\(tenths(seconds / 3_600)) h" : "days"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
