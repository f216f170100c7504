import Testing

/// The rules that make storing happen exactly once. The model follows all of them but those that a test leaves out.
enum Rule: Int, CaseIterable, Sendable, CustomTestStringConvertible {
    case lease
    case journalIsReadUnderTheLease
    case planFromTheListingUnderTheLease
    case planIsWrittenBeforeStoring
    case writesAreConditional
    case stopWhenTheLeaseIsLost
    case entryKeepsItsSettings
    case inheritedIsLookedAt
    case bothNamesAreLookedAt
    case namesFromTheHeadAreLookedAt
    case namesOfTheOldPlanAreLookedAt
    case supersededPlansAreKept
    case inheritedFollowsItsPlan
    case creationNeverReplaces
    case takenNameIsLookedAt
    case ownBlobIsRecognised
    case foreignBlobIsRecognised
    case acknowledgedAfterCreation
    case entryLeavesWhenAcknowledged
    case entryLeavesWhenALaterWalkLacksIt
    case entryLeavesAfterACompleteWalk
    case entryLeavesWhenAcknowledgedBeforeTheWalk
    case tombstoneIsNeverStored
    case goneIsNotAcknowledged
    case unlistedIsNeverStored
    case unlistedIsRecovered

    /// What leaving it out breaks.
    enum Purpose: Sendable {
        case exactlyOnce
        /// The journal would grow for ever.
        case smallJournal
        /// Nothing, as long as all others are followed: a second defence.
        case none
    }

    var purpose: Purpose {
        switch self {
        case .unlistedIsRecovered: .smallJournal
        case .inheritedFollowsItsPlan, .entryLeavesWhenAcknowledgedBeforeTheWalk: .none
        default: .exactlyOnce
        }
    }

    /// What the rule says.
    var testDescription: String {
        switch self {
        case .lease: "one run at a time has the lease"
        case .journalIsReadUnderTheLease: "the journal is read under the lease"
        case .planFromTheListingUnderTheLease: "plan only from a listing under the lease"
        case .planIsWrittenBeforeStoring: "the plan is written before anything of its page is stored"
        case .writesAreConditional: "the journal is written under lease id and If-Match"
        case .stopWhenTheLeaseIsLost: "store and acknowledge nothing once the lease is lost"
        case .entryKeepsItsSettings: "an entry keeps the prefix and BSO source it was planned with"
        case .inheritedIsLookedAt: "an inherited message is looked for before it is stored"
        case .bothNamesAreLookedAt: "its collision name is looked at too"
        case .namesFromTheHeadAreLookedAt: "names with a BSO from a header are looked at after the head"
        case .namesOfTheOldPlanAreLookedAt: "when the date has changed, the old plan's names are looked at"
        case .supersededPlansAreKept: "the journal keeps the plans that a date change superseded"
        case .inheritedFollowsItsPlan: "an inherited message of today is stored under its old plan"
        case .creationNeverReplaces: "every creation carries If-None-Match: *"
        case .takenNameIsLookedAt: "a taken name is looked at, never taken for success"
        case .ownBlobIsRecognised: "a taken name may be this message's own"
        case .foreignBlobIsRecognised: "a taken name of another message leads to the collision name"
        case .acknowledgedAfterCreation: "acknowledge only what is stored"
        case .entryLeavesWhenAcknowledged: "an entry leaves only when acknowledged or gone"
        case .entryLeavesWhenALaterWalkLacksIt: "an entry leaves only when a later walk lacks it"
        case .entryLeavesAfterACompleteWalk: "only a complete walk lets entries leave"
        case .entryLeavesWhenAcknowledgedBeforeTheWalk: "the acknowledgement came before that walk began"
        case .tombstoneIsNeverStored: "a tombstone is acknowledged again and never stored"
        case .goneIsNotAcknowledged: "a message that MESH says is gone is not taken for acknowledged"
        case .unlistedIsNeverStored: "a message that is not listed is never stored"
        case .unlistedIsRecovered: "a message that is not listed is looked for and settled"
        }
    }
}
