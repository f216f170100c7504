/// One step of a history, for whoever reads it.
struct Event: CustomStringConvertible {
    enum Actor: UInt8 {
        case runA
        case runB
        case world
    }

    var actor: Actor
    var fault: Fault?
    /// Zero-based; negative for none.
    var message = -1
    var action: StaticString

    var description: String {
        let who = ["run A ", "run B ", ""][Int(actor.rawValue)]
        let what = message < 0 ? "" : " m\(message + 1)"
        return "\(who)\(action)\(what)\(fault.map { " [fault: \($0)]" } ?? "")"
    }
}
