// SPDX-License-Identifier: Apache-2.0

import Credentials
import Testing

@Suite struct KeyStoreValueTests {
    @Test func `fresh identifiers never repeat and use every bit`() {
        let identifiers = (0..<1_000).map { _ in KeyIdentifier.random() }
        #expect(Set(identifiers).count == identifiers.count)
        #expect(identifiers.allSatisfy { $0.bytes.count == 16 })
        for position in 0..<128 {
            let set = identifiers.filter { $0.bytes[position / 8] & (1 << UInt8(position % 8)) != 0 }.count
            // Eight standard deviations: one run in 10¹⁵ fails by chance.
            #expect((374...626).contains(set), "bit \(position) is set in \(set) of 1,000")
        }
    }

    @Test func `a single no denies a key, silence does not`() {
        let answers: [KeyClaims.Claim] = [.yes, .no, .unreported]
        for local in answers {
            for sensitive in answers {
                for extractable in answers {
                    for always in answers {
                        let claims = KeyClaims(
                            local: local,
                            sensitive: sensitive,
                            neverExtractable: extractable,
                            alwaysAuthenticate: always
                        )
                        #expect(claims.denyOnDeviceKey == (local == .no || sensitive == .no || extractable == .no))
                    }
                }
            }
        }
    }

    @Test func `each type has its marker and its area`() {
        #expect(CertificateType.qualified.marker == .qescd && CertificateType.qualified.area == .qualified)
        #expect(CertificateType.commercial.marker == .ncpPlus && CertificateType.commercial.area == .general)
        #expect(Marker.qescd.rawValue == "QESCD" && Marker.ncpPlus.rawValue == "NCP+")
    }

    @Test func `errors are equal by their code and say where they come from`() {
        let error = KeyStoreError(.functionFailed, function: "C_Sign", returnValue: 0x30)
        #expect(error == KeyStoreError(.functionFailed))
        #expect(error != KeyStoreError(.tokenFull, function: "C_Sign", returnValue: 0x30))
        #expect(error.description == "functionFailed in C_Sign 0x30")
        #expect(KeyStoreError(.cancelled).description == "cancelled")
    }

    @Test func `a digest of another function is a mistake in the program`() async {
        await #expect(processExitsWith: .failure) {
            _ = ContentToSign(message: nil, digest: [1, 2, 3], digestAlgorithm: .sha256)
        }
    }
}
