import Glibc

/// The environment as libraries read it.
enum ProcessEnvironment {
    /// Gives libc the time zone and libcurl the proxies, wherever the settings came from. Call it before another thread
    /// reads the environment.
    static func adopt(_ process: Settings.Process) {
        // libcurl would write the keys of every TLS session there.
        unsetenv("SSLKEYLOGFILE")
        setenv("TZ", process.timeZone, 1)
        tzset()
        if let proxy = process.httpsProxy {
            setenv(SettingCatalogue.httpsProxy.setting.name, proxy.exposed, 1)
        }
        if let hosts = process.noProxy {
            setenv(SettingCatalogue.noProxy.setting.name, hosts, 1)
        }
    }
}
