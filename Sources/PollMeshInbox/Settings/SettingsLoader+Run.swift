extension SettingsLoader {
    mutating func loadBlobs() -> Settings.Blobs {
        Settings.Blobs(
            prefix: reader.value(of: SettingCatalogue.blobPrefix) ?? "",
            bsoCodeSource: reader.value(of: SettingCatalogue.bsoCodeSource),
            reports: reader.value(of: SettingCatalogue.reports),
            invalidMessages: reader.value(of: SettingCatalogue.invalidMessages)
        )
    }

    mutating func loadTransfer() -> Settings.Transfer {
        let memoryLimit = MemoryLimit(readFile: reader.sources.readFile)
        let transfer = Settings.Transfer(
            concurrency: reader.value(of: SettingCatalogue.concurrency),
            bufferMemory: reader.value(of: SettingCatalogue.bufferMemory) ?? memoryLimit.bufferMemory(),
            connectTimeout: reader.value(of: SettingCatalogue.connectTimeout),
            stallTimeout: reader.value(of: SettingCatalogue.stallTimeout),
            retryAttempts: reader.value(of: SettingCatalogue.retryAttempts),
            retryBaseDelay: reader.value(of: SettingCatalogue.retryBaseDelay),
            retryMaxDelay: reader.value(of: SettingCatalogue.retryMaxDelay),
            runDeadline: reader.value(of: SettingCatalogue.runDeadline),
            gracePeriod: reader.value(of: SettingCatalogue.gracePeriod)
        )
        let baseSetting = SettingCatalogue.retryBaseDelay.setting
        let maxSetting = SettingCatalogue.retryMaxDelay.setting
        let areBothSound = !reader.hasProblem(with: baseSetting) && !reader.hasProblem(with: maxSetting)
        if areBothSound, transfer.retryBaseDelay > transfer.retryMaxDelay {
            let base = DurationText.text(transfer.retryBaseDelay)
            let max = DurationText.text(transfer.retryMaxDelay)
            reader.report(
                baseSetting,
                "RETRY_BASE_DELAY, \(base), is longer than RETRY_MAX_DELAY, \(max).",
                advice: "Shorten the first or lengthen the second."
            )
        }
        return transfer
    }
}
