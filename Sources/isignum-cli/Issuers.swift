// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

extension CAProfile {
    /// The issuers that the profile knows, DER: what the CA does not send.
    ///
    /// - Throws: `issuersUnusable`.
    func issuers() throws(CAError) -> [[UInt8]] {
        guard let chainFile else { return [] }
        do {
            return try CertificateBundle.read(ForeignFile.read(chainFile, atMost: CertificateBundle.largestBundle))
        } catch {
            throw CAError(.issuersUnusable, detail: chainFile)
        }
    }
}

/// Where the issuers are that a CA, a branch or a person did not send along.
struct IssuerSources: Sendable {
    let journal: Journal?
    let stores: OpenStores
    let softwareStore: SoftwareStore
    /// Whether this run needs a token anyway, so that what tokens hold may be looked at.
    let readsTokens: Bool
    /// What the person named, DER.
    let given: [[UInt8]]
    let console: TerminalConsole
    let words: OnlineWords

    /// What brings them.
    ///
    /// - Parameter profile: whose issuers and anchors are known; `nil` where no CA is configured.
    func completion(_ profile: CAProfile?) throws(CAError) -> ChainCompletion {
        let ofProfile = try profile?.issuers() ?? []
        let anchorFile = profile?.anchorFile
        return ChainCompletion(
            services: { try? HTTPRevocationServices(anchorFile: anchorFile) },
            known: { ofProfile + ((try? journal?.entries()) ?? []).flatMap { $0.chain.dropFirst() } },
            given: given,
            held: { readsTokens ? await certificates() : [] },
            asking: { address in
                if !console.isQuiet { await console.tell(words.fetchingIssuer(address.printable)) }
            }
        )
    }

    /// Everything that tokens and the software store show without a secret, DER. A token that cannot be read is no
    /// reason to stop here.
    private func certificates() async -> [[UInt8]] {
        var places = (try? await stores.everything()) ?? []
        if softwareStore.exists, let store = try? await stores.store(try TokenSelector(parsing: "nss")) {
            places.append(store)
        }
        var found: [[UInt8]] = []
        for place in places { found += ((try? await place.certificates()) ?? []).map(\.der) }
        return found
    }
}

extension Composition {
    /// Where missing issuers are looked for in this run.
    var issuerSources: IssuerSources {
        IssuerSources(
            journal: try? journal(),
            stores: stores,
            softwareStore: softwareStore,
            readsTokens: readsTokens,
            given: givenIssuers,
            console: console,
            words: .of(language)
        )
    }
}
