import Digests
import Transfer

extension SettingsLoader {
    /// - Returns: `nil` only where there is a problem.
    mutating func loadMESH() -> Settings.MESH? {
        typealias Catalogue = SettingCatalogue
        let baseURL = reader.value(of: Catalogue.meshBaseURL)
        let isURLKnown = !reader.hasProblem(with: Catalogue.meshBaseURL.setting)
        let isRemote = isURLKnown && !baseURL.isLoopback
        let mailboxID = reader.value(of: Catalogue.meshMailboxID)
        if isRemote, !reader.isGiven(Catalogue.meshMailboxID.setting) {
            reader.warn(
                Catalogue.meshMailboxID.setting.name,
                "MESH_MAILBOX_ID is not set, so that \(baseURL.host) is asked for \(mailboxID), one of the sandbox.",
                advice: "Set MESH_MAILBOX_ID to the mailbox that is meant."
            )
        }
        if isRemote, !baseURL.isSecure {
            reader.warn(
                Catalogue.meshBaseURL.setting.name,
                "MESH_BASE_URL is http, so that tokens and messages travel to \(baseURL.host) unencrypted.",
                advice: "Use https; MESH itself refuses anything else."
            )
        }
        let username = reader.value(of: Catalogue.meshUsername)
        let authentication = loadAuthentication(baseURL: isURLKnown ? baseURL : nil)
        let client = loadClientCertificate()
        let caCertificate = reader.value(of: Catalogue.meshCACertificate)
        if let caCertificate { checkBundle(caCertificate) }
        let workflowFilter = reader.value(of: Catalogue.meshWorkflowFilter)
        guard let authentication else { return nil }
        return Settings.MESH(
            baseURL: baseURL,
            mailboxID: mailboxID,
            username: username ?? mailboxID,
            authentication: authentication,
            client: client,
            caCertificate: caCertificate,
            workflowFilter: workflowFilter
        )
    }

    /// - Parameter baseURL: `nil` when it is not known.
    /// - Returns: `nil` only where there is a problem.
    private mutating func loadAuthentication(baseURL: ServiceURL?) -> Settings.Authentication? {
        let modeSetting = SettingCatalogue.meshAuthentication
        let passwordSetting = SettingCatalogue.meshPassword.setting
        let keySetting = SettingCatalogue.meshSharedKey.setting
        let mode = reader.value(of: modeSetting)
        let password = secrets.add(reader.value(of: SettingCatalogue.meshPassword))
        let sharedKey = secrets.add(reader.value(of: SettingCatalogue.meshSharedKey))
        let isPasswordGiven = reader.isGiven(passwordSetting)
        let isKeyGiven = reader.isGiven(keySetting)
        if reader.hasProblem(with: modeSetting.setting) {
            return nil
        }
        if mode == Settings.AuthenticationMode.none {
            if isPasswordGiven || isKeyGiven {
                reader.warn(
                    modeSetting.setting.name,
                    "MESH_AUTHENTICATION is none, so that the password and the shared key are not used.",
                    advice: "Remove MESH_AUTHENTICATION to sign requests."
                )
            }
            return Settings.Authentication.none
        }
        if isPasswordGiven != isKeyGiven {
            let (missing, given) = isKeyGiven ? (passwordSetting, keySetting) : (keySetting, passwordSetting)
            reader.report(
                missing,
                "\(missing.name) is not set, but \(given.name) is.",
                advice: "Set both: each signature is made with the two."
            )
            return nil
        }
        if let password, let sharedKey {
            return .hmac(password: password, sharedKey: sharedKey)
        }
        if isPasswordGiven {
            return nil
        }
        if mode == .hmac {
            for setting in [passwordSetting, keySetting] {
                reader.report(
                    setting,
                    "\(setting.name) is not set, but MESH_AUTHENTICATION is hmac.",
                    advice: "Set it, or its file in \(setting.name)_FILE."
                )
            }
            return nil
        }
        guard let baseURL else { return nil }
        guard baseURL.isLoopback else {
            reader.report(
                passwordSetting,
                "MESH_PASSWORD and MESH_SHARED_KEY are not set, and \(baseURL.host) is not this machine.",
                advice: "Set both, or MESH_AUTHENTICATION=none for a sandbox without authentication."
            )
            return nil
        }
        reader.warn(
            modeSetting.setting.name,
            "MESH_PASSWORD and MESH_SHARED_KEY are not set, so that \(baseURL.host) gets no authorization.",
            advice: "Set both, or MESH_AUTHENTICATION=none to say that this is meant."
        )
        return Settings.Authentication.none
    }

    private mutating func loadClientCertificate() -> Settings.ClientCertificate? {
        let certificateSetting = SettingCatalogue.meshClientCertificate.setting
        let keySetting = SettingCatalogue.meshClientKey.setting
        let passwordSetting = SettingCatalogue.meshClientKeyPassword.setting
        let certificates = reader.value(of: SettingCatalogue.meshClientCertificate)
        let key = secrets.add(reader.value(of: SettingCatalogue.meshClientKey))
        let keyPassword = secrets.add(reader.value(of: SettingCatalogue.meshClientKeyPassword))
        let isKeyGiven = reader.isGiven(keySetting)
        if reader.isGiven(certificateSetting) != isKeyGiven {
            let (missing, given) =
                isKeyGiven ? (certificateSetting, keySetting) : (keySetting, certificateSetting)
            reader.report(
                missing,
                "\(missing.name) is not set, but \(given.name) is.",
                advice: "Set both, or its file in \(missing.name)_FILE, or neither."
            )
        }
        if reader.isGiven(passwordSetting), !isKeyGiven {
            reader.report(
                keySetting,
                "MESH_CLIENT_KEY is not set, but MESH_CLIENT_KEY_PASSWORD is.",
                advice: "Set the key, or remove its password."
            )
        }
        guard let certificates, let key, !reader.hasProblem(with: passwordSetting),
            let first = checkPair(certificates, key, keyPassword)
        else { return nil }
        return Settings.ClientCertificate(
            certificates: certificates,
            key: key,
            keyPassword: keyPassword,
            expiresInDays: first.days(from: reader.sources.now)
        )
    }
}
