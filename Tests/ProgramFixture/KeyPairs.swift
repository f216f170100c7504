/// Certificates and keys that were made for these tests and protect nothing.
package enum KeyPairs {
    /// From 2026-11-23 21:18:42 UTC to 2036-11-20 21:18:42 UTC.
    package static let certificate = """
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

    /// The key of ``certificate``, in each form that there is; encrypted ones under the password "kp".
    package static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNso46tiSkzznUqGE
        xQ0wzysXEiLyp99cJuF9XBAyeD+hRANCAAR+8FViVLJxTLCPTUp2YCmw0RimRiKb
        ySwb3WTg9VsSqg+2mwqnlJCB0TsL/lTjDs6ma2SXECjc69AlP10I3cwv
        -----END PRIVATE KEY-----
        """

    package static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgMKT3ZuJCiiQICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEC/+WTWmyONt8MhwOG31j8EEgZBf
        oifMwFohS58nm3xRmmfKjeApt/0BRZ+v/WY3LMZl0nwU94PV6ktlTdxJji0BoLiK
        Cy/Yb+CGTdC1V8bK4AAFbbAj1+Nm5fIdUMJuKoT/O/npXGwnR6Mg5LVWU8ja9cyZ
        PPu3TsvarnrsCxbh/JHju5d5pEQIGrZArAX6ohJgIP89Wb4ZoOJRFLzjUNPCJPk=
        -----END ENCRYPTED PRIVATE KEY-----
        """

    /// In the way of RFC 1421.
    package static let oldEncryptedKey = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,90034E687390BD3CC89AE4B76BBBE5F2

        XTCDOq36GfOCrT9+eOYnZlX5h6OwoMt48i1VdUgkdTJGj2zL7w8Pw/pupYOsnTGm
        INVGH/0zTZLwTrrNTZm5NE5iyGrBt2z/DkL//DpTPyAHA8nl57T50H4maKShpV3b
        DXE5LT1Xj27eJtIC685AVCKO643N2eXxI5clvSPsTlQ=
        -----END EC PRIVATE KEY-----
        """

    /// RFC 5915.
    package static let ecKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIDbKOOrYkpM851KhhMUNMM8rFxIi8qffXCbhfVwQMng/oAoGCCqGSM49
        AwEHoUQDQgAEfvBVYlSycUywj01KdmApsNEYpkYim8ksG91k4PVbEqoPtpsKp5SQ
        gdE7C/5U4w7OpmtklxAo3OvQJT9dCN3MLw==
        -----END EC PRIVATE KEY-----
        """

    package static let rsaCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIB+DCCAWGgAwIBAgIUIvhLV37EiF62Civ2j5Esfs/MxLMwDQYJKoZIhvcNAQEL
        BQAwDjEMMAoGA1UEAwwDcnNhMB4XDTI2MTEyMzIxMTg0MloXDTM2MTEyMDIxMTg0
        MlowDjEMMAoGA1UEAwwDcnNhMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCi
        wkPsgb3Y45ILJCaWuOPaaWsajDBRP8N87294aY19SBBymgGhoBhPX29fs7AikoZD
        1tWgOBEK9YaFpeN/m0UpOn/B4cfH7Bd+1oQzflcTSZRXnbkhjotXUbYr6jpPyiAM
        MnfZPkjGAL5Fya0jEJqyuJG1rEVUM++dNIh7Ib/UDQIDAQABo1MwUTAdBgNVHQ4E
        FgQUwPCirDoBxuBi2XNnAAJ6yZDJ4kwwHwYDVR0jBBgwFoAUwPCirDoBxuBi2XNn
        AAJ6yZDJ4kwwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOBgQAXyEyC
        lH+wEB/paD7ANSnt/8k3t4R2KzXxSVvkk8FJvzL4ABNp9sS8Y6sQysJMF2vi+kKy
        QWGrDdKyEUVeEcch5sS9LXMg2C4SE6bSxvqpL5PNZbx0hjAaPf5GLbNpcyzSUmLR
        ozadAHeCi56GQi/bDnaEIkR/q574/bCBj6Vkhg==
        -----END CERTIFICATE-----
        """

    package static let rsaKey = """
        -----BEGIN PRIVATE KEY-----
        MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAKLCQ+yBvdjjkgsk
        Jpa449ppaxqMMFE/w3zvb3hpjX1IEHKaAaGgGE9fb1+zsCKShkPW1aA4EQr1hoWl
        43+bRSk6f8Hhx8fsF37WhDN+VxNJlFeduSGOi1dRtivqOk/KIAwyd9k+SMYAvkXJ
        rSMQmrK4kbWsRVQz7500iHshv9QNAgMBAAECgYA7+wu9JTMpsvQnVvNBqHGQFDl8
        Vx2XU8BfUn3qCjwyZ1RoZ4kiXzWWSr1or3fBxe3lIk8n9IGTYFhq+G+Wn0olCPs6
        6a7Tn14mOnbzzPoqzAW4JV2uLXNuS19OhnSpFzy08xDvuwE9PlB2AVFvtFYiTIXZ
        txct+pv2VjYFDPU2AQJBANKurPqbgoygP7yYtx5TkXM9Nh+PzwDkwGZs/pT1WWKC
        v05vUxDGwFSQbpKibO2dyzIkLBs/be+syN0cl7QllF0CQQDFxKj9dLcwTN+y7BkJ
        dU5iloOnevGZFMj2KkqG12kXwntG1+f9rCnM70zPALHV7lV6TOjTPU1x3GKxAUPP
        WUNxAkEAsJ9byOTiNz6I8HUe3z+z6mZgn2kSY29ilPu/GeXuP5XZB8pwWtokl0BW
        Unv00ee9V5XXnCg64/l4k1XLIG14yQJAMtqC6cmdYVojG4sCVSBI66jwaZx/i3GA
        y2vMhifV6jokIO9bxCsFBKF0CraPBAepCy3DoK3ewCx/ZCyDF0pIwQJATe8JQjRN
        KDhZaR/dGsgZiLViuY+Mo2Nc+FWh2Z5hiKYSoor6MOoIRNaYqaDmbohAu8hlwUVi
        qCYqhSlTUO8QdQ==
        -----END PRIVATE KEY-----
        """

    /// PKCS#1.
    package static let rsaOldKey = """
        -----BEGIN RSA PRIVATE KEY-----
        MIICXAIBAAKBgQCiwkPsgb3Y45ILJCaWuOPaaWsajDBRP8N87294aY19SBBymgGh
        oBhPX29fs7AikoZD1tWgOBEK9YaFpeN/m0UpOn/B4cfH7Bd+1oQzflcTSZRXnbkh
        jotXUbYr6jpPyiAMMnfZPkjGAL5Fya0jEJqyuJG1rEVUM++dNIh7Ib/UDQIDAQAB
        AoGAO/sLvSUzKbL0J1bzQahxkBQ5fFcdl1PAX1J96go8MmdUaGeJIl81lkq9aK93
        wcXt5SJPJ/SBk2BYavhvlp9KJQj7Oumu059eJjp288z6KswFuCVdri1zbktfToZ0
        qRc8tPMQ77sBPT5QdgFRb7RWIkyF2bcXLfqb9lY2BQz1NgECQQDSrqz6m4KMoD+8
        mLceU5FzPTYfj88A5MBmbP6U9Vligr9Ob1MQxsBUkG6SomztncsyJCwbP23vrMjd
        HJe0JZRdAkEAxcSo/XS3MEzfsuwZCXVOYpaDp3rxmRTI9ipKhtdpF8J7Rtfn/awp
        zO9MzwCx1e5Vekzo0z1NcdxisQFDz1lDcQJBALCfW8jk4jc+iPB1Ht8/s+pmYJ9p
        EmNvYpT7vxnl7j+V2QfKcFraJJdAVlJ79NHnvVeV15woOuP5eJNVyyBteMkCQDLa
        gunJnWFaIxuLAlUgSOuo8Gmcf4txgMtrzIYn1eo6JCDvW8QrBQShdAq2jwQHqQst
        w6Ct3sAsf2QsgxdKSMECQE3vCUI0TSg4WWkf3RrIGYi1YrmPjKNjXPhVodmeYYim
        EqKK+jDqCETWmKmg5m6IQLvIZcFFYqgmKoUpU1DvEHU=
        -----END RSA PRIVATE KEY-----
        """

    /// Of a subject without a common name.
    package static let otherCertificate = """
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

    package static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQLrhqjt0RybwYOhp
        nHFovfLwf9QrGeOjJS2qLKS3B9ChRANCAATbvEH0ICfL1v7bTga+9nr/ZLMbhdrp
        RcPN4xqZTGO77Py3ycYcLaSPmb5Un3WKlQSpwq1iHn01RUpjphrkxInt
        -----END PRIVATE KEY-----
        """
}
