/// The `workflow_filter` of a listing in its six forms: `X`, `!X`, `X*`, `!X*`, `*X*`, `!*X*`.
struct WorkflowFilter {
    private enum Form {
        case exact
        case prefix
        case contained
    }

    private let isNegated: Bool
    private let form: Form
    private let text: String

    init(_ filter: String) {
        var rest = filter[...]
        isNegated = rest.first == "!"
        if isNegated { rest.removeFirst() }
        if rest.count >= 2, rest.first == "*", rest.last == "*" {
            form = .contained
            rest = rest.dropFirst().dropLast()
        } else if rest.last == "*" {
            form = .prefix
            rest.removeLast()
        } else {
            form = .exact
        }
        text = String(rest)
    }

    func matches(_ workflowID: String) -> Bool {
        let fits =
            switch form {
            case .exact: workflowID == text
            case .prefix: workflowID.hasPrefix(text)
            case .contained: text.isEmpty || workflowID.contains(text)
            }
        return fits != isNegated
    }
}
