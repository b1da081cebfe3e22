// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// Certificates as files and servers deliver them: DER, alone or one after the other; PEM under every label that is
/// found; PKCS#7 and CMS in all of these forms; base64 without a block. Byte-order marks, UTF-16, any line ends, padding
/// and words around the blocks in any encoding do not matter.
public struct CertificateBundle: Sendable {
    /// The largest certificate that is read, in bytes.
    public static let largestCertificate = 65_536
    /// The largest bundle that is read, in bytes: a system's store has 0.25 MB, and twice that in UTF-16.
    public static let largestBundle = 4 << 20
    /// The most certificates that are taken from beside a signature or a key, or shown by a server.
    public static let mostCertificates = 32

    /// Each certificate as DER, in the bundle's order; at least one.
    public let certificates: [[UInt8]]
    /// What else is in it, each kind once.
    public let passedOver: [BundlePart]
    /// Certificates that cannot be read; none unless they may be left out.
    public let unreadable: [BundleFault]
    /// Those that the file itself calls distrusted; they are among the certificates.
    let distrusted: Set<[UInt8]>

    /// Reads a bundle.
    ///
    /// - Parameter leavingOutUnreadable: whether whole blocks that should hold a certificate and hold none that OpenSSL
    ///   reads are left out, where there are others. What is broken otherwise spoils the bundle.
    public init(_ bytes: [UInt8], leavingOutUnreadable: Bool = false) throws(BundleError) {
        guard bytes.count <= Self.largestBundle else { throw .tooLarge }
        var found = Found(leavesOutUnreadable: leavingOutUnreadable)
        if try !found.lookForDER(bytes) {
            let text = bytes.filter { $0 != 0 }
            let blocks = TextBlocks(text).all()
            if blocks.isEmpty {
                try found.lookForBareBase64(text)
            } else {
                for (index, block) in blocks.enumerated() { try found.look(into: block, number: index + 1) }
            }
        }
        guard !found.certificates.isEmpty else {
            if let fault = found.unreadable.first { throw .unreadable(fault) }
            throw .noCertificate(found.parts)
        }
        certificates = found.certificates
        passedOver = found.parts
        unreadable = found.unreadable
        distrusted = found.distrusted
    }

    /// The certificates of a bundle, DER, in its order; at least one.
    public static func read(_ bytes: [UInt8]) throws(OpenSSLError) -> [[UInt8]] {
        do throws(BundleError) {
            return try CertificateBundle(bytes).certificates
        } catch {
            throw error.asOpenSSLError
        }
    }
}

/// What was found so far.
private struct Found {
    let leavesOutUnreadable: Bool
    var certificates: [[UInt8]] = []
    var parts: [BundlePart] = []
    var unreadable: [BundleFault] = []
    var distrusted: Set<[UInt8]> = []

    init(leavesOutUnreadable: Bool) { self.leavesOutUnreadable = leavesOutUnreadable }

    /// - Returns: `false` when it is no DER; text may begin with the same byte.
    mutating func lookForDER(_ bytes: [UInt8]) throws(BundleError) -> Bool {
        guard bytes.first == 0x30 else { return false }
        var position = 0
        while position < bytes.count, !bytes[position...].allSatisfy(CertificateBytes.isPadding) {
            do throws(BundleFault.Reason) {
                let read = try CertificateBytes(bytes, at: position)
                certificates += read.certificates
                position += read.length
            } catch {
                if position > 0 { throw .unreadable(BundleFault(block: nil, label: "", reason: .followed)) }
                if !Self.looksLikeDER(bytes) { return false }
                guard case .notCertificate(let part) = error, part != .other else {
                    throw .unreadable(BundleFault(block: nil, label: "", reason: error))
                }
                note(part)
                return true
            }
            // Some bytes of padding may stand between two, and more of it at the end.
            position = bytes[position...].firstIndex { !CertificateBytes.isPadding($0) } ?? bytes.count
        }
        return true
    }

    /// Whether bytes are an element that takes most of them, or one of indefinite length that holds another.
    private static func looksLikeDER(_ bytes: [UInt8]) -> Bool {
        if let length = DERElement.length(of: bytes) { return length > bytes.count / 2 }
        return bytes.count > 4 && bytes[1] >= 0x80 && bytes[1] <= 0x84
    }

    mutating func lookForBareBase64(_ text: [UInt8]) throws(BundleError) {
        if let bytes = Base64Text.decode(text.drop(while: TextBlocks.isMarkOrBlank)), bytes.first == 0x30 {
            try take(bytes, label: "", block: nil)
        } else if let part = BundlePart(text: text) {
            note(part)
        }
    }

    mutating func look(into block: TextBlock, number: Int) throws(BundleError) {
        let fault = { (reason: BundleFault.Reason) in
            BundleError.unreadable(BundleFault(block: number, label: block.label, reason: reason))
        }
        let label = BlockLabel(block.label)
        if case .other(let part) = label, !block.label.isEmpty { return note(part) }
        let body: ArraySlice<UInt8>
        switch block.content {
        case .success(let content): body = content
        case .failure(let reason): throw fault(reason)
        }
        guard let bytes = Base64Text.decode(Base64Text.withoutFields(body)) else { throw fault(.notBase64) }
        guard case .trustedCertificate = label else { return try take(bytes, label: block.label, block: number) }
        do throws(BundleFault.Reason) {
            let certificate = try TrustedCertificate(bytes)
            certificates.append(certificate.der)
            if certificate.isDistrusted { distrusted.insert(certificate.der) }
        } catch {
            try leaveOut(BundleFault(block: number, label: block.label, reason: error))
        }
    }

    private mutating func take(_ bytes: [UInt8], label: String, block: Int?) throws(BundleError) {
        do throws(BundleFault.Reason) {
            let read = try CertificateBytes(bytes)
            guard bytes[read.length...].allSatisfy(CertificateBytes.isPadding) else { throw .followed }
            certificates += read.certificates
        } catch {
            // Without a block nothing promises a certificate.
            if block == nil, case .notCertificate(let part) = error { return note(part) }
            try leaveOut(BundleFault(block: block, label: label, reason: error))
        }
    }

    private mutating func leaveOut(_ fault: BundleFault) throws(BundleError) {
        switch fault.reason {
        case .notCertificate(.other), .tooLarge: if !leavesOutUnreadable { throw .unreadable(fault) }
        default: throw .unreadable(fault)
        }
        unreadable.append(fault)
    }

    private mutating func note(_ part: BundlePart) {
        if parts.count < 16, !parts.contains(part) { parts.append(part) }
    }
}
