// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import OpenSSLKit

/// What became known of a certificate, and what stood in the way.
public struct CertificateStanding: Sendable {
    /// Who knew it.
    public enum Source: String, Sendable {
        /// An OCSP responder.
        case responder = "ocsp"
        /// A revocation list.
        case list = "crl"
    }

    /// What somebody did instead of telling.
    public struct Trouble: Sendable {
        /// The kinds of trouble.
        public enum Kind: Sendable {
            /// It could not be asked.
            case notReached(CAError)
            /// It told something that is not believed.
            case notBelieved(RevocationDoubt)
            /// It did not tell before the time for the certificate, or for the run, was over.
            case notInTime
            /// Something cannot be read.
            case malformed
            /// The certificate has ended, and nobody keeps account of it any more.
            case certificateExpired
            /// Its issuer does not lead to a trust anchor.
            case issuerNotTrusted
            /// Its issuer is not at hand and has a name that nobody of ours has: nobody is asked for it.
            case issuerUnknown
            /// It names nobody who could be asked.
            case noAddress
        }

        /// Whose trouble it is; `nil` for the certificate's own.
        public let address: String?
        /// What kind of trouble.
        public let kind: Kind

        init(_ address: String?, _ kind: Kind) {
            self.address = address
            self.kind = kind
        }
    }

    /// A trouble on its way.
    struct Failure: Error {
        let kind: Trouble.Kind
        init(_ kind: Trouble.Kind) { self.kind = kind }
    }

    /// What is believed; `nil` when nobody could be believed.
    public let answer: RevocationAnswer?
    /// Who is believed.
    public let source: (kind: Source, address: String)?
    /// What stood in the way, in the order of asking.
    public let troubles: [Trouble]

    init(_ troubles: [Trouble]) {
        answer = nil
        source = nil
        self.troubles = troubles
    }

    init(_ answer: RevocationAnswer, from address: String, _ kind: Source, _ troubles: [Trouble]) {
        self.answer = answer
        source = (kind, address)
        self.troubles = troubles
    }
}
