/// Reads the listing of an inbox while it arrives (API specification, "Check an inbox"), and keeps nothing but the ids, the next
/// link and the count.
package struct InboxPageReader {
    /// The ids that a page may have: four times as many as the API gives.
    package static let mostIDs = 20_000

    private var scanner = JSONScanner()
    private var collector = PageCollector()

    package init() {}

    /// Reads the next piece of the listing.
    package mutating func read(_ piece: UnsafeRawBufferPointer) throws(JSONScanner.Fault) {
        var collector = PageCollector()
        swap(&collector, &self.collector)
        defer { swap(&collector, &self.collector) }
        try scanner.scan(piece) { event throws(JSONScanner.Fault) in try collector.take(event) }
    }

    /// The page, when all of it was read.
    /// - Throws: also where the text is no listing: no object with an array `messages` of strings.
    package mutating func finish() throws(JSONScanner.Fault) -> InboxPage {
        // A listing ends with a brace: nothing can be left to be told.
        try scanner.finish { _ throws(JSONScanner.Fault) in throw .malformed }
        return try collector.page()
    }
}

/// Keeps of a listing's JSON what a page is made of.
private struct PageCollector {
    private enum Place {
        case document
        case messages
        case links
    }

    private var place: Place?
    /// How many arrays and objects of no interest are open.
    private var foreignDepth = 0
    /// The member whose value comes next.
    private var member = ""
    private var ids: [MessageID]?
    private var hasLinks = false
    private var next: PageLink?
    private var approximateCount: Int?
    private var isComplete = false

    mutating func take(_ event: JSONScanner.Event) throws(JSONScanner.Fault) {
        if foreignDepth > 0 { return takeForeign(event) }
        switch (place, event) {
        case (nil, .beginObject): place = .document
        case (nil, _): throw .malformed
        case (_, .name(let name)): member = name
        case (.document?, _): try takeMember(event)
        case (.messages?, .string(let id)): try add(id)
        case (.messages?, .endArray): place = .document
        case (.messages?, _): throw .malformed
        case (.links?, .endObject): place = .document
        case (.links?, _): try takeLink(event)
        }
    }

    func page() throws(JSONScanner.Fault) -> InboxPage {
        guard isComplete, let ids else { throw .malformed }
        return InboxPage(ids: ids, next: next, approximateCount: approximateCount)
    }

    private mutating func takeForeign(_ event: JSONScanner.Event) {
        switch event {
        case .beginObject, .beginArray: foreignDepth += 1
        case .endObject, .endArray: foreignDepth -= 1
        default: break
        }
    }

    private mutating func takeMember(_ event: JSONScanner.Event) throws(JSONScanner.Fault) {
        switch (member, event) {
        case (_, .endObject):
            isComplete = true
            place = nil
        case ("messages", .beginArray):
            guard ids == nil else { throw .malformed }
            ids = []
            place = .messages
        case ("messages", _): throw .malformed
        case ("links", .beginObject):
            guard !hasLinks else { throw .malformed }
            hasLinks = true
            place = .links
        case ("approx_inbox_count", .number(let text)):
            approximateCount = Int(text).flatMap { $0 < 0 ? nil : $0 }
        default: takeForeign(event)
        }
    }

    /// A link that can't be read would hide the pages behind it.
    private mutating func takeLink(_ event: JSONScanner.Event) throws(JSONScanner.Fault) {
        switch (member, event) {
        case ("next", .string(let link)): next = link.isEmpty ? nil : PageLink(link)
        case ("next", .null): next = nil
        case ("next", _): throw .malformed
        default: takeForeign(event)
        }
    }

    private mutating func add(_ id: String) throws(JSONScanner.Fault) {
        guard (ids?.count ?? 0) < InboxPageReader.mostIDs else { throw .tooLong }
        if !id.isEmpty { ids?.append(MessageID(id)) }
    }
}
