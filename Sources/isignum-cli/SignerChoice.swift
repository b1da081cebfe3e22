// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

/// Which certificate signs.
struct SignerOption: ParsableArguments {
    @Option(
        name: .customLong("with"),
        help: help("The certificate to sign with.", "Certifikát, kterým se má podepsat.", value: "selector")
    )
    var selector: String?
}

extension Composition {
    /// The certificate that was named, or one that would do: on the token or in the store that `--token` or
    /// `--software-store` names; else on any token, or in the software store.
    ///
    /// - Parameters:
    ///   - device: the serial number of the device that the person named for it.
    ///   - isChosen: whether one is chosen where several of the same holder would do.
    ///   - failure: what to say where none would do.
    ///   - fits: whether a certificate would do, where none was named.
    /// - Throws: `certificateNotFound`, `certificateAmbiguous`; `failure` when none would do; `tokenAmbiguous` when a
    ///   secret was given that may be another token's.
    func signer(
        named selector: String?,
        on device: String? = nil,
        choosing isChosen: Bool = true,
        otherwise failure: HandoverError = .noSigner,
        where fits: (HeldCertificate) -> Bool
    ) async throws -> HeldCertificate {
        let places = try await signerStores()
        let held = try await heldCertificates(on: places)
        let withKey = held.filter(\.stored.hasKey)
        if let selector { return try named(selector, withKey: withKey, held) }
        let able = withKey.filter(fits)
        let current = able.filter { $0.document.daysLeft >= 0 }
        let meant = current.isEmpty ? able : current
        guard let first = meant.first else { throw EnrollmentError.handover(failure) }
        guard meant.count == 1 || isChosen && meant.allSatisfy({ $0.document.isOfSameHolder(as: first.document) })
        else { throw CommandError(.certificateAmbiguous, among: meant.map(\.document), by: Self.signerOption) }
        let best = try preferred(among: meant) ?? first
        if device == nil { try requireNoOtherMeant(than: best, among: places) }
        return best
    }

    private static let signerOption = "--with"

    private func named(
        _ selector: String,
        withKey: [HeldCertificate],
        _ held: [HeldCertificate]
    ) throws -> HeldCertificate {
        do {
            return try withKey.meant(by: selector)
        } catch let error as CommandError where error.code == .certificateNotFound {
            // A copy without its key, as browsers keep them, is what is meant only where there is no other.
            return try held.meant(by: selector)
        } catch let error as CommandError where error.code == .certificateAmbiguous {
            throw CommandError(error.code, among: error.certificates, by: Self.signerOption)
        }
    }

    /// The one that is the likeliest to be taken and asks for the least: not revoked, least of all for a key that
    /// somebody else may have; outside the qualified area, where each signature wants the QPIN; the latest.
    private func preferred(among certificates: [HeldCertificate]) throws -> HeldCertificate? {
        let revoked = try journal().revocations()
        func rank(_ held: HeldCertificate) -> [Double] {
            let reason = revoked[held.document.sha256]
            return [
                reason == nil ? 0 : reason == RevocationReason.keyCompromise.name ? 2 : 1,
                held.stored.area == .general ? 0 : 1,
                -held.document.notAfter.timeIntervalSince1970,
            ]
        }
        return certificates.min { rank($0).lexicographicallyPrecedes(rank($1)) }
    }

    /// Where a certificate may be that signs.
    private func signerStores() async throws(KeyStoreError) -> [PKCS11Token] {
        if try chosenToken() != nil { return [try await chosenStore()] }
        var places: [PKCS11Token] = []
        var missing: KeyStoreError?
        do throws(KeyStoreError) {
            places = try await stores.everything()
        } catch {
            guard error.code == .tokenNotFound else { throw error }
            missing = error
        }
        // A database that cannot be opened is no reason not to sign with a token.
        if softwareStore.exists, let store = try? await stores.store(try TokenSelector(parsing: "nss")) {
            places.append(store)
        }
        if places.isEmpty, let missing { throw missing }
        return places
    }

    /// That a secret from a file or a descriptor can only be meant for this certificate's token. Neither token nor
    /// certificate was named: then it is that of the only token that is plugged in, and of the software store only
    /// where there is none. A try of another token's PIN is never spent on a guess.
    private func requireNoOtherMeant(than held: HeldCertificate, among places: [PKCS11Token]) throws(KeyStoreError) {
        guard console.givesSecretsUnseen, try chosenToken() == nil else { return }
        let tokens = places.filter { !$0.token.identity.isSoftwareStore }
        let meant = tokens.isEmpty ? places : tokens
        let identity = held.store.token.identity
        guard meant.count == 1, meant[0].token.identity == identity else {
            let names = places.map(\.token.identity).map { $0.isSoftwareStore ? "nss" : "\($0.label) (\($0.serial))" }
            throw KeyStoreError(.tokenAmbiguous, candidates: names)
        }
    }
}
