// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials
public import Foundation

extension ChainVerification {
    /// What the certificates that a server presents would have to be believed for: the root among them that they lead
    /// to, or else the root of the system's store. Nothing is believed by asking.
    ///
    /// - Parameter chain: DER, the server's own certificate first.
    /// - Returns: the root, DER; one that signed for itself and is not the server's own certificate.
    /// - Throws: `untrusted` when the root is neither among them nor in the system's store.
    public static func root(ofPresented chain: [[UInt8]], at moment: Date) throws(ChainError) -> [UInt8] {
        guard let leaf = chain.first else { throw ChainError(.unreadable, detail: "no certificate") }
        let others = Array(chain.dropFirst())
        var reason: ChainError?
        for candidate in others {
            guard let certificate = try? Certificate(parsing: candidate), certificate.subject == certificate.issuer,
                let anchors = try? TrustAnchors(bundle: candidate)
            else { continue }
            do throws(ChainError) {
                if let root = try verify(leaf: leaf, intermediates: others, anchors: anchors, at: moment).last {
                    return root
                }
            } catch {
                reason = error
            }
        }
        if let reason { throw reason }
        guard let root = try verify(leaf: leaf, intermediates: others, anchors: .system, at: moment).last else {
            throw ChainError(.rootNotTrusted, detail: "no root")
        }
        return root
    }
}
