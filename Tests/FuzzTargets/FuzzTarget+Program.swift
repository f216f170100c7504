import PollMeshInbox
import Transfer

extension FuzzTarget {
    static let journal = FuzzTarget(
        "journal",
        seeds: [
            #"{"version":1,"groups":[]}"#,
            #"{"version":1,"groups":[{"time":"20261123T150000","prefix":"a/","source":"message-id","#
                + #""state":"planned","ordinal":0,"ids":["A","B"]}]}"#,
            #"{"version":1,"groups":[{"time":"20261123T150000","prefix":"","source":"file-name","#
                + #""state":"acknowledged","ordinal":9999,"ids":["A"]},{"time":"20261122T150000","prefix":"","#
                + #""source":"sender","state":"superseded","ordinal":3,"ids":["A","A"]}]}"#,
        ],
        words: jsonWords + ["planned", "stored", "acknowledged", "superseded", "ordinal", "ids", "10000", "00000000T"]
    ) { input in
        guard var journal = try? Journal(json: input) else { return }
        let text = journal.json()
        let again = try? Journal(json: text)
        promise(again?.json() == text, "what is written is not what was read")
        promise(again?.count == journal.count, "entries are lost")
        // A run over it: everything that it holds is listed, then nothing.
        var planner = Planner(prefix: "p", source: .localID) { CivilTime(utc: $0) }
        planner.resume(behind: journal, now: 1_795_446_000)
        let ids = ["A", "B", "C"].map(MessageID.init)
        journal.beginWalk()
        let decision = journal.plan(ids, with: &planner, now: 1_795_446_000)
        promise(decision.assignments.count == 3, "a listed message is forgotten")
        for assignment in journal.takeUnlisted() + decision.assignments {
            journal.settle(assignment.entry.id, as: .acknowledged)
        }
        journal.completeWalk()
        journal.beginWalk()
        journal.completeWalk()
        promise(journal.count == 0, "\(journal.count) entries stay for good")
        promise((try? Journal(json: journal.json())) != nil, "it can't be read again")
    }

    /// A line for each variable, `NAME=value`.
    static let settings = FuzzTarget(
        "settings",
        seeds: [
            "MESH_PASSWORD=a\nMESH_SHARED_KEY=b\nSTORAGE_DIRECTORY=/tmp/a\nBUFFER_MEMORY=8Mi\nRETRY_BASE_DELAY=1ms",
            "MESH_BASE_URL=https://[::1]:8700/a\nMESH_AUTHENTICATION=none\nSTORAGE_DIRECTORY=a\nTZ=Europe/London",
            "TZ=GMT0BST,M3.5.0/1,M10.5.0\nLOG_LEVEL=debug\nLOG_FORMAT=text\nRUN_DEADLINE=5m\nCONCURRENCY=64",
            "AZURE_STORAGE_ACCOUNT_URL=https://a.blob.core.windows.net\nAZURE_STORAGE_SAS_TOKEN=?sig=a&se=b",
            "AZURE_STORAGE_CONNECTION_STRING=UseDevelopmentStorage=true\nBLOB_PREFIX=a/b/\nMESH_WORKFLOW_FILTER=!X*",
            "HTTPS_PROXY=http://user:pass@proxy:8080\nOTEL_EXPORTER_OTLP_HEADERS=a=b,c=d%20e\nGRACE_PERIOD=20s",
        ],
        words: SettingCatalogue.all.map { "\($0.name)=" }
            + [
                "\n", "_FILE=", "Mi", "Gi", "KiB", "ms", "168h", "9223372036854775807", "-1", "0", "::1", "%", "é",
                "<+1>",
            ]
    ) { input in
        var environment: [String: String] = [:]
        for line in input.lines {
            let parts = Array(line).text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            environment[String(parts[0])] = parts[1].last == "\n" ? String(parts[1].dropLast()) : String(parts[1])
        }
        let sources = SettingSources(environment: environment) { _ in .bytes(Array(input.suffix(64))) }
        let report = SettingsLoader.load(sources)
        promise((report.settings == nil) == !report.problems.isEmpty, "neither settings nor a problem")
        let secret = environment["MESH_PASSWORD"] ?? ""
        guard secret.utf8.count > 20 else { return }
        for finding in report.problems where finding.setting == "MESH_PASSWORD" {
            promise(!finding.description.contains(secret), "a problem that shows the password")
        }
    }

    static let retryAfter = FuzzTarget(
        "retry-after",
        seeds: ["0", "120", "Mon, 23 Nov 2026 15:00:00 GMT", "999999999999"],
        words: dateWords
    ) { input in
        for delay in [
            RetryAfter.parse(input.text, now: 1_795_446_000), RetryAfter.parse(input.text, now: .max / 2),
            RetryAfter.parseMilliseconds(input.text),
        ] {
            if let delay { promise(delay >= .zero && delay <= RetryAfter.longest, "\(delay)") }
        }
    }

    static let httpDate = FuzzTarget(
        "http-date",
        seeds: ["Mon, 23 Nov 2026 15:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 9999 23:59:60 GMT"],
        words: dateWords
    ) { input in
        guard let seconds = HTTPDate.parse(input.text) else { return }
        // A leap second may lead into a year of five digits.
        if CivilTime(utc: seconds).year > 9999 { return }
        promise(HTTPDate.parse(HTTPDate.format(seconds)) == seconds, "\(seconds)")
        let time = CivilTime(utc: seconds)
        promise(CivilTime(compactText: time.compactText) == time, time.compactText)
    }

    private static let dateWords = [
        "Mon, ", " GMT", ":", "Feb", "Dec", "29", "31", "60", "1601", "9999", "-1", "99999999999999999999", "٣",
    ]
}
