/// Everything that a step can depend on, as plain bytes without padding: compared and hashed as such.
struct WorldState {
    static let slots = 4
    /// The slot of a message that arrives after all that was searched.
    static let fresh = 3

    var runs: InlineArray<2, RunState> = [RunState(), RunState()]
    var messages: InlineArray<4, MessageState> = [MessageState(), MessageState(), MessageState(), MessageState()]
    /// The journal blob: an index of the model's contents.
    var content: UInt16 = 0
    var faultsLeft: UInt8 = 0
    var day: UInt8 = 0
    var second: UInt8 = 0
    /// Who has the lease: 0 for nobody, else the run's number and one. A dead run's lease ends by itself.
    var holder: UInt8 = 0
    var violation: Violation?
    private var unused: UInt8 = 0
}

/// A promise that was broken.
enum Violation: UInt8 {
    case acknowledgedUnstored = 1
    case storedTwice
    case replaced
    case unfinished
    case undrained
}

/// One message, as MESH and the store have it.
struct MessageState {
    /// The name of its blob: an index of the model's names; 0 for none.
    var blob: UInt16 = 0
    var flags: Flags = []
    private var unused: UInt8 = 0

    struct Flags: OptionSet {
        var rawValue: UInt8
        static let arrived = Flags(rawValue: 1)
        static let acknowledged = Flags(rawValue: 2)
        /// A blob of it exists or existed.
        static let stored = Flags(rawValue: 4)
        /// No listing lacked it since it was acknowledged.
        static let lingers = Flags(rawValue: 8)
    }

    var isAcknowledged: Bool { flags.contains(.acknowledged) }
    var isStored: Bool { flags.contains(.stored) }
    var isListed: Bool { flags.contains(.arrived) && !isAcknowledged }
}

/// One run: what is in its memory, and where it is.
struct RunState {
    /// Journal and planner: an index of the model's memories.
    var memory: UInt32 = 0
    var tasks: InlineArray<4, TaskState> = [TaskState(), TaskState(), TaskState(), TaskState()]
    var phase = Phase.idle
    var page: UInt8 = 0
    var flags: Flags = []
    /// The messages that its filter hides, as a mask.
    var hidden: UInt8 = 0
    var settings: UInt8 = 0
    /// What it saw before it had the lease; kept only where that matters.
    var firstListing: UInt8 = 0
    private var unused: UInt16 = 0

    enum Phase: UInt8 {
        case idle
        /// Has listed, and wants the lease.
        case waiting
        case listing
        case writingPlan
        /// The write was begun under a lease that has ended since.
        case writingPlanLate
        /// Messages are on their way; nothing else is to do.
        case moving
        case writingAtEnd
        case writingAtEndLate
        case ended
    }

    struct Flags: OptionSet {
        var rawValue: UInt8
        static let isLaterWalk = Flags(rawValue: 1)
        /// This walk started messages.
        static let hasStarted = Flags(rawValue: 2)
        static let walkIsComplete = Flags(rawValue: 4)
        /// Nothing more is started.
        static let isStopped = Flags(rawValue: 8)
        /// Its version of the journal is not the latest, or not known.
        static let isOutdated = Flags(rawValue: 16)
    }

    var isAlive: Bool { phase != .idle && phase != .ended }

    mutating func end() {
        self = RunState()
        phase = .ended
    }
}

/// One message on its way through a run.
struct TaskState {
    /// An index of the model's assignments.
    var assignment: UInt16 = 0
    var step = Step.none
    var flags: Flags = []

    enum Step: UInt8 {
        case none
        /// Its page's plan is not written yet.
        case planned
        case queued
        case looking
        case downloading
        case lookingAfterHead
        case claiming
        case creating
        /// Begun under a lease that has ended since.
        case creatingLate
        case lookingAtTaken
        case acknowledging
        case acknowledgingLate
        case recovering
        case recoveringHead
        case recoveringAfterHead
    }

    struct Flags: OptionSet {
        var rawValue: UInt8
        /// Which of its two names it gets is decided.
        static let isDecided = Flags(rawValue: 1)
        static let isPlain = Flags(rawValue: 2)
        /// Nobody else gets the plain name in this run.
        static let hasClaimed = Flags(rawValue: 4)
    }

    var isInFlight: Bool { step.rawValue > Step.queued.rawValue }
}

extension WorldState: Hashable {
    static func == (left: WorldState, right: WorldState) -> Bool {
        withUnsafeBytes(of: left) { left in
            withUnsafeBytes(of: right) { right in left.elementsEqual(right) }
        }
    }

    func hash(into hasher: inout Hasher) {
        withUnsafeBytes(of: self) { hasher.combine(bytes: $0) }
    }
}
