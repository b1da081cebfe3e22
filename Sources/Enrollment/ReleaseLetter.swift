// SPDX-License-Identifier: Apache-2.0

internal import Credentials
public import Foundation
public import OpenSSLKit

/// A signed mail that asks a CA to release a device, complete and ready to send: S/MIME with a clear signature
/// (RFC 8551, section 3.5.3), so that people read it without any program for it.
public struct ReleaseLetter: Sendable {
    /// From and to: bare addresses.
    public let sender, recipient: String
    /// What the subject line says.
    public let subject: String
    /// The text, in lines.
    public let lines: [String]

    /// Writes a letter.
    ///
    /// - Throws: `addressInvalid` for what could begin another line of the header.
    public init(from sender: String, to recipient: String, subject: String, lines: [String]) throws(EnrollmentError) {
        for address in [sender, recipient] where !Self.isAddress(address) { throw .handover(.addressInvalid(address)) }
        self.sender = sender
        self.recipient = recipient
        self.subject = subject
        self.lines = lines
    }

    /// Whether a text is a bare address (RFC 5321, in ASCII), and nothing that could begin another line of a header.
    public static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"<>,;:\"()[]\\".utf8.contains($0) }
    }

    /// The whole message as a file (RFC 5322), signed once.
    public func signed(as identity: SigningIdentity, at moment: Date) async throws -> [UInt8] {
        let part = Self.join(
            ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", ""]
                + Self.base64(Array(lines.joined(separator: "\r\n").utf8 + [13, 10]))
        )
        // What is signed is the part with line ends of two characters, up to the one that belongs to the boundary.
        let signature = try await identity.signing(Array(part.utf8), .detached)
        let boundary = "isignum-\(UUID().uuidString.lowercased())"
        let digest = identity.key.publicKey.algorithm?.digest ?? .sha256
        let header = [
            "From: <\(sender)>", "To: <\(recipient)>", "Subject: \(Self.encodedWords(subject))",
            "Date: \(Self.date(moment))", "Message-ID: <\(UUID().uuidString.lowercased())@isignum.invalid>",
            "MIME-Version: 1.0",
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";",
            " micalg=\(digest.rawValue.replacingOccurrences(of: "sha", with: "sha-")); boundary=\"\(boundary)\"", "",
            "--\(boundary)",
        ]
        let trailer =
            [
                "--\(boundary)", "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"",
                "Content-Transfer-Encoding: base64", "Content-Disposition: attachment; filename=\"smime.p7s\"", "",
            ] + Self.base64(signature) + ["--\(boundary)--"]
        return Array((Self.join(header) + part + "\r\n" + Self.join(trailer)).utf8)
    }

    private static func join(_ lines: [String]) -> String { lines.map { $0 + "\r\n" }.joined() }

    private static func base64(_ bytes: [UInt8]) -> [String] {
        let text = Array(Data(bytes).base64EncodedString())
        return stride(from: 0, to: text.count, by: 76).map { String(text[$0..<min($0 + 76, text.count)]) }
    }

    /// Words of a header line that are not ASCII (RFC 2047, section 2), each in less than 75 characters.
    static func encodedWords(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return text }
        var words: [[UInt8]] = [[]]
        for character in text {
            let bytes = Array(String(character).utf8)
            if words[words.count - 1].count + bytes.count > 42 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func date(_ moment: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .gmt
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: moment)
    }
}
