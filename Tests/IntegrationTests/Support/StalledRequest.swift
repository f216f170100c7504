import TestServers

/// A request whose server stops answering with it: from then on it answers nothing of what is asked.
enum StalledRequest: String, Sendable, CaseIterable {
    case handshake
    case listing
    case listingUnderLease
    case downloadHead
    case downloadBody
    case acknowledgement
    case createContainer
    case takeLease
    case createJournal
    case readJournal
    case writeJournalAtStart
    case putBlob
    case lookAtBlob
    case putBlock
    case commitBlocks
    case writeJournalAtEnd
    case releaseLease
    case token
    case metrics

    /// What is asked for, and for which time.
    private var moment: (kind: RequestKind, turn: Int) {
        switch self {
        case .handshake: (.handshake, 1)
        case .listing: (.listing, 1)
        case .listingUnderLease: (.listing, 2)
        case .downloadHead, .downloadBody: (.download, 1)
        case .acknowledgement: (.acknowledgement, 1)
        case .createContainer: (.createContainer, 1)
        case .takeLease: (.takeLease, 1)
        case .readJournal: (.readJournal, 1)
        case .createJournal: (.createJournal, 1)
        case .writeJournalAtStart: (.writeJournal, 1)
        case .putBlob: (.putBlob, 1)
        case .lookAtBlob: (.look, 1)
        case .putBlock: (.putBlock, 1)
        case .commitBlocks: (.commitBlocks, 1)
        case .writeJournalAtEnd: (.writeJournal, 2)
        case .releaseLease: (.releaseLease, 1)
        case .token: (.token, 1)
        case .metrics: (.metrics, 1)
        }
    }

    /// Whether nothing is left to do but to say goodbye: a run that is stopped here may count as finished.
    var isAtTheEnd: Bool {
        switch self {
        case .writeJournalAtEnd, .releaseLease, .metrics: true
        default: false
        }
    }

    /// How a server does not answer.
    enum Way: String, Sendable, CaseIterable {
        case silent
        /// A byte a second, so that nothing ever stands still.
        case slow
        /// At full speed, without end.
        case endless
    }

    func lie(_ way: Way) -> Lie {
        switch (way, self) {
        case (.silent, .downloadBody): .halfThenSilence
        case (.silent, _): .silence
        case (.slow, .downloadBody): .slow(headAtOnce: true)
        case (.slow, _): .slow()
        // What is asked with HEAD has a head alone.
        case (.endless, .downloadHead), (.endless, .lookAtBlob): .endlessHead
        case (.endless, _): .neverEnding
        }
    }

    /// A hook for one server, which tells the lie from this request on.
    /// - Parameter arrived: runs when the request has come.
    func hook(_ way: Way, arrived: @escaping @Sendable () async -> Void) -> HTTPServer.FaultHook {
        let (kind, turn) = moment
        let turns = Turns()
        let lie = lie(way)
        return { request in
            let isIt = request.isA(kind) && turns.next() == turn
            guard isIt || turns.count >= turn else { return nil }
            return isIt ? .before(arrived).and(.lie(lie)) : .lie(lie)
        }
    }
}
