// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file of `openssl pkcs12 -export -pbmac1_pbkdf2`, version 3.5.9; versions before 3.4 have no such option. Its key was
/// made for it and serves nothing else.
enum PBMAC1Sample {
    static let password = "žluťoučký kůň"

    static var bytes: [UInt8] { [UInt8](Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data()) }

    private static let text = """
        MIIESAIBAzCCA8IGCSqGSIb3DQEHAaCCA7MEggOvMIIDqzCCAloGCSqGSIb3DQEHBqCCAkswggJHAgEAMIICQAYJKoZIhvcNAQcBMF8G
        CSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBAoYNFEG0kXHXBvZCcOQv3FAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQ
        BHO8nAFQcyHNhKqaYUVpZoCCAdCmaRbMeOKho6bwPPiJfgarux+N0BZD/1UJvITIeQUWhjqm2ISo1oeW0dBxlF75QTjCM45OAK3q93lB
        yQKRzbbK2hM40ycB2iBHKSTVSVt49yMcvwcyvyzTAsK2shh+myRptXXjKQ+17dy+PSptVqFmfoYBv0NUkVV2aRyxbLbbwVKgoSKtNl5B
        Njs9KCYepyp5oJa2hnGsH8ULxH7Yi7EVcNJpyWJzQpFB2Kq9deGVn6amwko84FErrlm7yGLz/3YvYSiHdzzsRjvv8/kBG4ktfJvMWvCi
        LXmpQC+Ae06NWQJ5L1WgmlVdUcTF0XIadi4r3nxKgeAyGaEUVt/OycZ57lYombgOqZ9VXb5RzYTUsM6D1SCtEjs3vVBESn66bukN7/Aw
        Q0S/2HynBdcuCvMjLlISdVK5TiqhQgKL/T8uhNkF1IdPHV0ylPB/8ph2BZ9ms9jzMyqhCIKCyVqG/AS1XkyVeMqoIRHPceVdT0tcNGyu
        mrTgdwtLqIJzIvZ1I+CybrXM/wDX/uqkOXFVRVji0mLEnriOLABNXPIlggU37rPHIes4ubOQoxpPIHCCrkIvR4IwYNaJ/vX7adpYldJA
        mx+FR3sO9ybsQqF3fIvozzCCAUkGCSqGSIb3DQEHAaCCAToEggE2MIIBMjCCAS4GCyqGSIb3DQEMCgECoIH3MIH0MF8GCSqGSIb3DQEF
        DTBSMDEGCSqGSIb3DQEFDDAkBBD7v7/75X1f8P3aW8h5MRpGAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQl22npvjHeapl
        Ktwi6cWfsgSBkIlw33bHqjpd9tUdIxeLGnuRx0rBQ2B9AG34F43ivReK/TYYh6obx1lrjOmfghNSXL42Cmw7xFwvAM5LO3KfkICo66HC
        0nbwa5ZiT/r5BIqJzmFb6U6hdASGWN2by97/TvBPHP5o3Pdw1PQdDehN2w+GzXI08o8W55OqkhQR9Ha2c7E1c0MIEo/zcJfj/J9VhTEl
        MCMGCSqGSIb3DQEJFTEWBBTXWskLAD4YmuKreJ7jTFZ2dS1l6TB9MG0wSQYJKoZIhvcNAQUOMDwwLAYJKoZIhvcNAQUMMB8ECOUJHAtA
        QHuEAgIIAAIBIDAMBggqhkiG9w0CCQUAMAwGCCqGSIb3DQIJBQAEIEMO5DmHpbXM76+qr5N95wQ7gOGAAQ69Rfy3eR5eg0riBAjlCRwL
        QEB7hAICCAA=
        """
}
