import Testing

@testable import Transfer

@Suite struct JournalTests {
    /// 2024-01-15 14:30:45 UTC
    private static let now: Int64 = 1_705_329_045
    private static let nextDay = now + 86_400
    private static let ids = ["abc1", "abc2", "xyz3"].map(MessageID.init)

    private func planner(_ prefix: String = "", _ source: BSOSource = .messageID) -> Planner {
        Planner(prefix: prefix, source: source) { CivilTime(utc: $0) }
    }

    /// A journal that planned these messages, as the next run reads it.
    private func inherited(_ ids: [MessageID] = ids, as state: Journal.State = .planned) throws -> Journal {
        var (journal, planner) = (Journal(), planner())
        journal.beginWalk()
        _ = journal.plan(ids, with: &planner, now: Self.now)
        for id in ids { journal.settle(id, as: state) }
        return try Journal(json: journal.json())
    }

    // MARK: - Planning

    @Test func aFreshPageIsPlannedInItsOrderAndHasToBeWritten() {
        var (journal, planner) = (Journal(), planner("p/", .sender))
        journal.beginWalk()
        let decision = journal.plan(Self.ids, with: &planner, now: Self.now)
        #expect(decision.changesJournal)
        #expect(decision.assignments.map(\.entry.id) == Self.ids)
        #expect(decision.assignments.map(\.entry.ordinal) == [0, 1, 2])
        #expect(decision.assignments.allSatisfy { $0.task == .store(lookingAt: []) })
        #expect(decision.assignments.allSatisfy { $0.entry.prefix == "p/" && $0.entry.source == .sender })
        #expect(journal.count == 3)
        #expect(Self.ids.allSatisfy { journal.state(of: $0) == .planned })
    }

    @Test func anEmptyPageChangesNothing() {
        var (journal, planner) = (Journal(), planner())
        journal.beginWalk()
        let decision = journal.plan([], with: &planner, now: Self.now)
        #expect(!decision.changesJournal && decision.assignments.isEmpty)
    }

    @Test func anIDIsTakenOnceInARun() {
        var (journal, planner) = (Journal(), planner())
        journal.beginWalk()
        let twice = journal.plan([Self.ids[0], Self.ids[1], Self.ids[0]], with: &planner, now: Self.now)
        #expect(twice.assignments.map(\.entry.id) == Array(Self.ids[..<2]))
        journal.beginWalk()
        let again = journal.plan(Self.ids, with: &planner, now: Self.now)
        #expect(again.assignments.map(\.entry.id) == [Self.ids[2]])
        #expect(again.assignments.map(\.entry.ordinal) == [2])
    }

    @Test(arguments: [Journal.State.planned, .stored])
    func aMessageOfTodayKeepsItsPlanAndIsLookedFor(state: Journal.State) throws {
        var (journal, planner) = (try inherited(as: state), planner("other/", .fileName))
        journal.beginWalk()
        let decision = journal.plan([Self.ids[1]], with: &planner, now: Self.now + 3600)
        let entry = PlanEntry(
            id: Self.ids[1],
            time: CivilTime(utc: Self.now),
            ordinal: 1,
            prefix: "",
            source: .messageID
        )
        #expect(decision.assignments == [Assignment(entry: entry, task: .store(lookingAt: [entry]))])
        #expect(!decision.changesJournal)
    }

    @Test func everyDateChangeAddsAPlanAndForgetsNone() throws {
        var journal = try inherited([Self.ids[0]])
        var known = [
            PlanEntry(id: Self.ids[0], time: CivilTime(utc: Self.now), ordinal: 0, prefix: "", source: .messageID)
        ]
        for day in 1...3 {
            var planner = planner("day\(day)/")
            journal.beginWalk()
            let now = Self.now + Int64(day) * 86_400
            let decision = journal.plan([Self.ids[0]], with: &planner, now: now)
            #expect(decision.changesJournal)
            #expect(decision.assignments.map(\.task) == [.store(lookingAt: known)])
            #expect(decision.assignments.map(\.entry.prefix) == ["day\(day)/"])
            known += decision.assignments.map(\.entry)
            journal = try Journal(json: journal.json())
        }
        var planner = planner()
        journal.beginWalk()
        let last = journal.plan([Self.ids[0]], with: &planner, now: Self.now + 3 * 86_400)
        #expect(last.assignments.map(\.task) == [.store(lookingAt: known)])
        #expect(journal.count == 1)
    }

    @Test func aTombstoneIsAcknowledgedAgainWhateverTheDate() throws {
        var (journal, planner) = (try inherited(as: .acknowledged), planner())
        journal.beginWalk()
        let decision = journal.plan(Self.ids, with: &planner, now: Self.nextDay)
        #expect(decision.assignments.allSatisfy { $0.task == .acknowledgeAgain })
        #expect(decision.assignments.count == 3)
        #expect(!decision.changesJournal)
    }

    @Test func whatWasGoneAndIsListedIsPlannedAgainAndNeverOnlyAcknowledged() throws {
        var (journal, planner) = (try inherited([Self.ids[0]], as: .gone), planner())
        journal.beginWalk()
        let decision = journal.plan([Self.ids[0]], with: &planner, now: Self.now)
        #expect(decision.assignments.map(\.task) == [.store(lookingAt: decision.assignments.map(\.entry))])
        #expect(decision.changesJournal)
        #expect(journal.state(of: Self.ids[0]) == .planned)
    }

    // MARK: - Settling and leaving

    @Test func settlingAnUnknownMessageDoesNothing() {
        var journal = Journal()
        journal.settle(Self.ids[0], as: .acknowledged)
        #expect(journal.count == 0)
    }

    @Test(arguments: [
        (Journal.State.planned, false), (.stored, false), (.acknowledged, true), (.gone, true),
    ])
    func onlyTombstonesOfBeforeAWalkLeaveWithIt(state: Journal.State, leaves: Bool) throws {
        var (journal, planner) = (try inherited(as: state), planner())
        journal.beginWalk()
        // The first is listed, and stays.
        _ = journal.plan([Self.ids[0]], with: &planner, now: Self.now)
        journal.completeWalk()
        #expect(journal.state(of: Self.ids[0]) == (state == .gone ? .planned : state))
        #expect(journal.state(of: Self.ids[1]) == (leaves ? nil : state))
        #expect(journal.count == (leaves ? 1 : 3))
        #expect(try Journal(json: journal.json()).count == journal.count)
    }

    @Test func whatIsAcknowledgedDuringAWalkWaitsForTheNext() throws {
        var (journal, planner) = (Journal(), planner())
        journal.beginWalk()
        _ = journal.plan(Self.ids, with: &planner, now: Self.now)
        for id in Self.ids { journal.settle(id, as: .acknowledged) }
        journal.completeWalk()
        #expect(journal.count == 3)
        journal.beginWalk()
        _ = journal.plan([Self.ids[2]], with: &planner, now: Self.now)
        journal.completeWalk()
        #expect(journal.count == 1)
        #expect(journal.state(of: Self.ids[2]) == .acknowledged)
    }

    @Test func whatIsSettledUnlistedWaitsForTheNextWalk() throws {
        var journal = try inherited([Self.ids[0]])
        journal.beginWalk()
        journal.settle(Self.ids[0], as: .acknowledged)
        journal.completeWalk()
        #expect(journal.count == 1)
        journal.beginWalk()
        journal.completeWalk()
        #expect(journal.count == 0)
    }

    @Test func whatHasLeftIsNotTakenAgainInThisRun() {
        var (journal, planner) = (Journal(), planner())
        journal.beginWalk()
        _ = journal.plan(Self.ids, with: &planner, now: Self.now)
        for id in Self.ids { journal.settle(id, as: .acknowledged) }
        journal.beginWalk()
        journal.completeWalk()
        journal.beginWalk()
        let decision = journal.plan(Self.ids, with: &planner, now: Self.now)
        #expect(decision.assignments.isEmpty && !decision.changesJournal)
        #expect(journal.count == 0)
        #expect(Self.ids.allSatisfy { journal.state(of: $0) == nil })
    }

    @Test func oldPlansLeaveWithTheirEntry() throws {
        var (journal, planner) = (try inherited([Self.ids[0]]), planner())
        journal.beginWalk()
        _ = journal.plan([Self.ids[0]], with: &planner, now: Self.nextDay)
        journal.settle(Self.ids[0], as: .acknowledged)
        journal.beginWalk()
        journal.completeWalk()
        #expect(journal.json() == Journal().json())
    }

    @Test func unlistedMessagesAreRecoveredOnceAndTombstonesAreNot() throws {
        var (journal, planner) = (try inherited(), planner())
        journal.settle(Self.ids[2], as: .acknowledged)
        journal.beginWalk()
        _ = journal.plan([Self.ids[0]], with: &planner, now: Self.now)
        journal.completeWalk()
        let taken = journal.takeUnlisted()
        #expect(taken.map(\.entry.id) == [Self.ids[1]])
        #expect(taken.map(\.task) == [.recover(lookingAt: taken.map(\.entry))])
        #expect(journal.takeUnlisted().isEmpty)
        #expect(journal.state(of: Self.ids[1]) == .planned)
    }

    // MARK: - Planner

    @Test(arguments: [
        // The clock against the latest plan of three messages; whether the next place is behind it.
        (Int64(0), true), (-1, true), (-3600, true), (-7200, true), (-7201, false), (1, false), (86_400, false),
    ])
    func aRunGoesOnBehindPlansThatAreNotOverYet(ahead: Int64, follows: Bool) throws {
        let journal = try inherited()
        var planner = planner()
        let now = Self.now + ahead
        planner.resume(behind: journal, now: now)
        let entry = planner.next(MessageID("new"), now: now)
        #expect(entry.time == CivilTime(utc: follows ? Self.now : now))
        #expect(entry.ordinal == (follows ? 3 : 0))
    }

    @Test func anEmptyJournalIsNothingToGoOnBehind() {
        var planner = planner()
        planner.resume(behind: Journal(), now: Self.now)
        #expect(planner.next(MessageID("new"), now: Self.now).ordinal == 0)
    }

    // MARK: - Size

    @Test func anEntryTakesLittleMemory() {
        // Names, table and text are the rest of the 250 bytes that a listed message may take.
        #expect(MemoryLayout<Journal.Record>.stride <= 16)
        #expect(MemoryLayout<MessageID>.stride <= 16)
    }
}
