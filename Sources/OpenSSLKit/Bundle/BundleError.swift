// SPDX-License-Identifier: Apache-2.0

/// Why a file gives no certificates.
public enum BundleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It is larger than any bundle.
    case tooLarge
    /// There is no certificate in it, but this, each kind once; nothing when it is empty.
    case noCertificate([BundlePart])
    /// Something that must hold a certificate cannot be read. Whatever else is in the file is not taken in its stead.
    case unreadable(BundleFault)

    /// For logs and tests.
    public var description: String {
        switch self {
        case .tooLarge: "too large"
        case .noCertificate(let parts): "no certificate, but \(parts.map { "\($0)" }.joined(separator: ", "))"
        case .unreadable(let fault): "block \(fault.block ?? 0) \(fault.label): \(fault.reason)"
        }
    }

    var asOpenSSLError: OpenSSLError {
        switch self {
        case .tooLarge: OpenSSLError(.tooLarge, description)
        case .unreadable(let fault) where fault.reason == .tooLarge: OpenSSLError(.tooLarge, description)
        case .noCertificate, .unreadable: OpenSSLError(.malformed, description)
        }
    }
}

/// What is wrong with a part of a file that must hold a certificate.
public struct BundleFault: Error, Equatable, Sendable {
    /// The kinds of fault.
    public enum Reason: Error, Equatable, Sendable {
        /// A block begins and does not end, or ends as another one.
        case cutOff
        /// A block ends and does not begin.
        case firstLineMissing
        /// A line begins as the first one of a block and does not go on so.
        case firstLineBroken
        /// What stands in a block is not base64.
        case notBase64
        /// It is no certificate, and what it is instead, where that can be told.
        case notCertificate(BundlePart)
        /// Something stands behind the certificate that is no padding.
        case followed
        /// A certificate of more than 64 KiB.
        case tooLarge
    }

    /// Which of the file's blocks it is, from one; `nil` where the file is no text.
    public let block: Int?
    /// What the block calls itself: foreign text, not yet safe for a terminal; empty where it has no name.
    public let label: String
    /// What is wrong with it.
    public let reason: Reason

    /// Names a fault.
    public init(block: Int?, label: String, reason: Reason) {
        self.block = block
        self.label = label
        self.reason = reason
    }
}
