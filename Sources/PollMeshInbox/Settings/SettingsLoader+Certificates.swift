import Digests
import Transfer

extension SettingsLoader {
    /// How long before the end of a certificate it is spoken of.
    static let daysOfWarning = 30

    /// Proves that a pair can be used, before anything is sent: libcurl would say it in the middle of a handshake.
    /// - Returns: when the first of its certificates ends; `nil` only where there is a problem.
    mutating func checkPair(_ certificates: String, _ key: Secret, _ password: Secret?) -> Certificate? {
        let keySetting = SettingCatalogue.meshClientKey.setting
        let setting = SettingCatalogue.meshClientCertificate.setting
        let chain = checkDates(of: certificates, setting)
        let problem = PrivateKey.problem(
            key: Array(key.exposed.utf8),
            password: password?.exposed,
            certificates: Array(certificates.utf8)
        )
        switch problem {
        case nil: break
        case .isEncrypted:
            reader.report(
                SettingCatalogue.meshClientKeyPassword.setting,
                "MESH_CLIENT_KEY_PASSWORD is not set, but MESH_CLIENT_KEY is encrypted.",
                advice: "Set the password, or give the key without encryption."
            )
        case .wrongPassword:
            reader.report(
                SettingCatalogue.meshClientKeyPassword.setting,
                "MESH_CLIENT_KEY_PASSWORD does not open MESH_CLIENT_KEY.",
                advice: "Correct the password; where it is right, the key is damaged or of a kind that is not known."
            )
        case .damaged:
            reader.report(
                keySetting,
                "MESH_CLIENT_KEY can't be read: it is damaged, or of a kind that is not known.",
                advice: "Give it in PEM, as PKCS#8, PKCS#1 or EC, and check that nothing was cut off."
            )
        case .isOfAnother:
            // Both problems are one where the certificate can't be read.
            if chain != nil || !reader.hasProblem(with: setting) {
                reader.report(
                    keySetting,
                    "MESH_CLIENT_KEY is not the key of MESH_CLIENT_CERTIFICATE.",
                    advice: "Give the pair that was made together."
                )
            }
        case .isOfALater:
            reader.report(
                setting,
                "MESH_CLIENT_CERTIFICATE starts with a certificate that MESH_CLIENT_KEY does not belong to.",
                advice: "Put the client's own certificate first, then those that signed it."
            )
        }
        guard problem == nil, let chain else { return nil }
        let first = chain.min { $0.notAfter < $1.notAfter }
        if let first { warn(of: first, setting) }
        return first
    }

    /// Proves that a bundle holds certificates, and that one of them holds at present.
    mutating func checkBundle(_ text: String) {
        let setting = SettingCatalogue.meshCACertificate.setting
        guard let certificates = read(text, setting), let last = certificates.max(by: { $0.notAfter < $1.notAfter })
        else { return }
        guard last.notAfter > reader.sources.now else {
            reader.report(
                setting,
                "Every certificate of MESH_CA_CERTIFICATE has expired, the last one (\(last.subject)) on "
                    + "\(Self.date(last.notAfter)).",
                advice: "Get the current ones, and check this machine's clock."
            )
            return
        }
    }

    private mutating func read(_ text: String, _ setting: Setting) -> [Certificate]? {
        do throws(Certificate.ReadingError) {
            return try Certificate.all(pem: Array(text.utf8))
        } catch {
            let which =
                switch error {
                case .none: "no certificate"
                case .damaged(let number): "a certificate that can't be read, number \(number)"
                }
            reader.report(
                setting,
                "\(setting.name) has \(which).",
                advice: "Copy the text once more: what stands between the lines BEGIN and END was changed or cut."
            )
            return nil
        }
    }

    /// - Returns: `nil` only where there is a problem.
    private mutating func checkDates(of text: String, _ setting: Setting) -> [Certificate]? {
        guard let certificates = read(text, setting) else { return nil }
        let now = reader.sources.now
        for certificate in certificates where certificate.notAfter <= now {
            reader.report(
                setting,
                "\(setting.name): the certificate of \(certificate.subject) has expired, on "
                    + "\(Self.date(certificate.notAfter)).",
                advice: "Get a new one, and check this machine's clock."
            )
            return nil
        }
        for certificate in certificates where certificate.notBefore > now {
            reader.report(
                setting,
                "\(setting.name): the certificate of \(certificate.subject) is valid only from "
                    + "\(Self.date(certificate.notBefore)) on.",
                advice: "Check this machine's clock, or wait until then."
            )
            return nil
        }
        return certificates
    }

    private mutating func warn(of certificate: Certificate, _ setting: Setting) {
        let days = certificate.days(from: reader.sources.now)
        guard days < Self.daysOfWarning else { return }
        reader.warn(
            setting.name,
            "\(setting.name): the certificate of \(certificate.subject) expires on \(Self.date(certificate.notAfter)), "
                + "\(days == 1 ? "in 1 day" : "in \(days) days").",
            advice: "Get a new one before then; without it nothing is let in.",
            expiresInDays: days
        )
    }

    private static func date(_ seconds: Int64) -> String {
        HTTPDate.format(seconds)
    }
}
