// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// The CA: whether one is chosen, answers over TLS that is believed, and what its clock says of ours.
struct AuthorityDiagnosis {
    let configuration: Configuration
    let options: AuthorityOptions
    let language: Language
    /// CAs that have issued before, DER, by the name of their profile.
    var seen: [String: [[UInt8]]] = [:]

    /// From here on certificates are judged wrongly.
    static let worstSkew: TimeInterval = 300
    /// From here on it is worth a word.
    static let smallestSkew: TimeInterval = 60

    func findings() async -> [Finding] {
        let profile: CAProfile
        do {
            profile = try configuration.profile(options, ofRequest: nil)
        } catch {
            return [Finding(.problem, .authorityUnset(explain(error, in: language)))]
        }
        let ofChain = chain(of: profile)
        do {
            _ = try profile.issuers()
            var limits = TransportLimits()
            limits.whole = .seconds(30)
            let client = try EnrollmentAPIClient(profile: profile, limits: limits)
            let information = try await client.information()
            let answer = Finding.Kind.authorityAnswers(
                name: profile.name,
                address: profile.url.absoluteString,
                calls: information.name
            )
            let faults = client.anchors.unreadable
            let anchors = faults.isEmpty ? [] : [Finding(.warning, .anchorsPartly(name: profile.name, faults))]
            return [Finding(.ok, answer)] + anchors + [Self.clock(information.serverTime, now: Date())] + ofChain
        } catch {
            return [
                Finding(.problem, .authorityFails(name: profile.name, explain(error, in: language, carryingOn: .again)))
            ] + ofChain
        }
    }

    /// What `install` would say of certificates of this CA, as far as its own are known here. A file that cannot be read
    /// is named by whoever asks the CA.
    private func chain(of profile: CAProfile) -> [Finding] {
        guard let anchors = try? profile.trustAnchors() else { return [] }
        let chain = AuthorityChain(
            anchors: anchors,
            issuers: (try? profile.issuers()) ?? [],
            seen: seen[profile.name] ?? [],
            at: Date()
        )
        guard chain.faults.isEmpty, !chain.isHopeless else {
            let severity: Finding.Severity = chain.isHopeless ? .problem : .warning
            return [Finding(severity, .authorityUnsound(name: profile.name, chain.faults))]
        }
        return anchors == .system ? [] : [Finding(.ok, .authoritySound(name: profile.name))]
    }

    /// What the server's clock says of ours.
    static func clock(_ server: Date?, now: Date) -> Finding {
        guard let server else { return Finding(.note, .clockUnknown) }
        let skew = now.timeIntervalSince(server)
        if abs(skew) < smallestSkew { return Finding(.ok, .clockRight) }
        return Finding(abs(skew) < worstSkew ? .warning : .problem, .clockWrong(seconds: Int(skew.rounded())))
    }
}
