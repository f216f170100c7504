/// Certificates and keys that were made for these tests and protect nothing.
enum PEM {
    /// When ``certificate`` begins and ends, in seconds since 1970.
    static let start: Int64 = 1_795_468_722
    static let end: Int64 = 2_110_828_722

    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBwzCCAWmgAwIBAgIUeigKbDfNg/DBLk9C+skLlRFB4o8wCgYIKoZIzj0EAwIw
        NzENMAsGA1UECgwEVGVzdDEmMCQGA1UEAwwddGVzdGVyLmFwaS5tZXNoLWNsaWVu
        dC5uaHMudWswHhcNMjYxMTIzMjExODQyWhcNMzYxMTIwMjExODQyWjA3MQ0wCwYD
        VQQKDARUZXN0MSYwJAYDVQQDDB10ZXN0ZXIuYXBpLm1lc2gtY2xpZW50Lm5ocy51
        azBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABH7wVWJUsnFMsI9NSnZgKbDRGKZG
        IpvJLBvdZOD1WxKqD7abCqeUkIHROwv+VOMOzqZrZJcQKNzr0CU/XQjdzC+jUzBR
        MB0GA1UdDgQWBBRq7yU/bM9LcrrXE+BvLt46GG5XbzAfBgNVHSMEGDAWgBRq7yU/
        bM9LcrrXE+BvLt46GG5XbzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA
        MEUCIAaZwK8utojghfbrBK0o63rcECu01TAdCa9wcY2oLAgdAiEAxW0W62XJFb3w
        RlvZfb0bZf8WgKK0sqoxcDlAF9JB7Zw=
        -----END CERTIFICATE-----
        """

    /// Of ``certificate``, as PKCS#8.
    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNso46tiSkzznUqGE
        xQ0wzysXEiLyp99cJuF9XBAyeD+hRANCAAR+8FViVLJxTLCPTUp2YCmw0RimRiKb
        ySwb3WTg9VsSqg+2mwqnlJCB0TsL/lTjDs6ma2SXECjc69AlP10I3cwv
        -----END PRIVATE KEY-----
        """

    /// The same under the password "kp".
    static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgMKT3ZuJCiiQICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEC/+WTWmyONt8MhwOG31j8EEgZBf
        oifMwFohS58nm3xRmmfKjeApt/0BRZ+v/WY3LMZl0nwU94PV6ktlTdxJji0BoLiK
        Cy/Yb+CGTdC1V8bK4AAFbbAj1+Nm5fIdUMJuKoT/O/npXGwnR6Mg5LVWU8ja9cyZ
        PPu3TsvarnrsCxbh/JHju5d5pEQIGrZArAX6ohJgIP89Wb4ZoOJRFLzjUNPCJPk=
        -----END ENCRYPTED PRIVATE KEY-----
        """

    /// The same in the form of EC keys (RFC 5915).
    static let ecKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIDbKOOrYkpM851KhhMUNMM8rFxIi8qffXCbhfVwQMng/oAoGCCqGSM49
        AwEHoUQDQgAEfvBVYlSycUywj01KdmApsNEYpkYim8ksG91k4PVbEqoPtpsKp5SQ
        gdE7C/5U4w7OpmtklxAo3OvQJT9dCN3MLw==
        -----END EC PRIVATE KEY-----
        """

    /// Of a subject without a common name.
    static let otherCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBkjCCATmgAwIBAgIUSdt8qzV+c/rnn+f319fNBbR8fxcwCgYIKoZIzj0EAwIw
        HzEdMBsGA1UECgwUT25seSBhbiBvcmdhbmlzYXRpb24wHhcNMjYxMTIzMjExODQy
        WhcNMzYxMTIwMjExODQyWjAfMR0wGwYDVQQKDBRPbmx5IGFuIG9yZ2FuaXNhdGlv
        bjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNu8QfQgJ8vW/ttOBr72ev9ksxuF
        2ulFw83jGplMY7vs/LfJxhwtpI+ZvlSfdYqVBKnCrWIefTVFSmOmGuTEie2jUzBR
        MB0GA1UdDgQWBBT2y5WDZdWbP3Qz8Hu72l+xlTZgDjAfBgNVHSMEGDAWgBT2y5WD
        ZdWbP3Qz8Hu72l+xlTZgDjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cA
        MEQCIBNjdhN39tH1BYIN+QcDtfL1q9l+08R1LWoSbK3xfvxnAiBGhtyM0UqDLQpH
        GuoOQ25DQi6RsxFHnJR4Iod5DTkJRA==
        -----END CERTIFICATE-----
        """

    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQLrhqjt0RybwYOhp
        nHFovfLwf9QrGeOjJS2qLKS3B9ChRANCAATbvEH0ICfL1v7bTga+9nr/ZLMbhdrp
        RcPN4xqZTGO77Py3ycYcLaSPmb5Un3WKlQSpwq1iHn01RUpjphrkxInt
        -----END PRIVATE KEY-----
        """
}
