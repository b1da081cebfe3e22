// SPDX-License-Identifier: Apache-2.0

import CSRBuilder
import Credentials
import Foundation
import Testing

/// The rule of when a request may claim a qualified device, over every combination of what can be known.
@Suite struct MarkerDecisionTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let claims = [KeyClaims.Claim.yes, .no, .unreported]

    @Test(arguments: [true, false], [Date?.none, now, now.addingTimeInterval(1), now.addingTimeInterval(-1)])
    func `a marker needs a device, a certification, a key of ours and no denial`(_ qualified: Bool, _ end: Date?) {
        for local in Self.claims {
            for sensitive in Self.claims {
                for extractable in Self.claims {
                    for always in Self.claims {
                        let claims = KeyClaims(
                            local: local,
                            sensitive: sensitive,
                            neverExtractable: extractable,
                            alwaysAuthenticate: always
                        )
                        for origin in [KeyOrigin.thisRun, .foundAgain, .imported] {
                            let decision = MarkerDecision.decide(
                                isQualifiedDevice: qualified,
                                certifiedUntil: end,
                                claims: claims,
                                origin: origin,
                                now: Self.now
                            )
                            let denied = [local, sensitive, extractable].contains(.no)
                            let ours: Bool
                            switch origin {
                            case .thisRun: ours = true
                            case .foundAgain: ours = local == .yes
                            case .imported: ours = false
                            }
                            let certified = end.map { $0 >= Self.now } ?? false
                            #expect(decision.isGranted == (qualified && certified && ours && !denied))
                            #expect(decision.isGranted == (decision.refusal == nil))
                        }
                    }
                }
            }
        }
    }

    @Test func `the reason that comes first is the one that is said`() {
        func decide(_ qualified: Bool, _ end: Date?, _ local: KeyClaims.Claim, _ origin: KeyOrigin) -> MarkerDecision {
            let claims = KeyClaims(local: local, sensitive: .yes, neverExtractable: .yes, alwaysAuthenticate: .no)
            return MarkerDecision.decide(
                isQualifiedDevice: qualified,
                certifiedUntil: end,
                claims: claims,
                origin: origin,
                now: Self.now
            )
        }
        let past = Self.now.addingTimeInterval(-1)
        #expect(decide(false, nil, .no, .imported) == .notQualifiedDevice)
        #expect(decide(true, nil, .no, .imported) == .certificationUnknown)
        #expect(decide(true, past, .no, .imported) == .certificationEnded(past))
        #expect(decide(true, Self.now, .no, .imported) == .deviceDenies)
        #expect(decide(true, Self.now, .yes, .imported) == .keyNotGeneratedHere)
        #expect(decide(true, Self.now, .unreported, .foundAgain) == .keyNotGeneratedHere)
        #expect(decide(true, Self.now, .unreported, .thisRun) == .granted)
        #expect(decide(true, Self.now, .yes, .foundAgain) == .granted)
    }

    @Test func `the names of the reasons stay as they are`() {
        let decisions: [MarkerDecision] = [
            .granted, .notQualifiedDevice, .certificationEnded(Self.now), .certificationUnknown, .keyNotGeneratedHere,
            .deviceDenies,
        ]
        #expect(
            decisions.map(\.refusal) == [
                nil, "not_a_qualified_device", "certification_ended", "certification_unknown",
                "key_not_generated_here", "device_denies",
            ]
        )
    }
}
