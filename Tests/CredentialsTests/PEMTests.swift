// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import Testing

@Suite struct PEMTests {
    @Test func `every length comes back`() {
        for length in 1...200 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            let text = PEM.encode(bytes, label: "CERTIFICATE")
            #expect(PEM.decode(text, label: "CERTIFICATE") == [bytes], "\(length) bytes")
            #expect(text.hasSuffix("\n-----END CERTIFICATE-----\n") && !text.contains("\n\n"), "\(length) bytes")
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 64 }, "\(length) bytes")
        }
    }

    @Test func `blocks come in order, other labels and words between them are passed over`() {
        let text =
            "subject=CN=x\n" + PEM.encode([1], label: "CERTIFICATE") + PEM.encode([9], label: "PRIVATE KEY") + "\n \n"
            + PEM.encode([2, 3], label: "CERTIFICATE") + "end"
        #expect(PEM.decode(text, label: "CERTIFICATE") == [[1], [2, 3]])
        #expect(PEM.decode(text, label: "PRIVATE KEY") == [[9]])
        #expect(PEM.decode(text, label: "PKCS7") == [])
        #expect(PEM.decode("", label: "CERTIFICATE") == [])
    }

    @Test func `line ends of other systems and blanks at the ends of lines do not matter`() {
        let bytes = [UInt8](repeating: 0x5A, count: 100)
        let text = PEM.encode(bytes, label: "CERTIFICATE")
        #expect(PEM.decode(text.replacingOccurrences(of: "\n", with: "\r\n"), label: "CERTIFICATE") == [bytes])
        #expect(PEM.decode(text.replacingOccurrences(of: "\n", with: " \t\n  "), label: "CERTIFICATE") == [bytes])
    }

    @Test(arguments: [
        "-----BEGIN CERTIFICATE-----\nAQID\n", "-----BEGIN CERTIFICATE-----\nAQID\n-----END PKCS7-----\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAQ*D\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAQI\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAQ==AQID\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nA\u{301}QID\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAQ",
    ])
    func `a block that is cut off or not base64 spoils the whole text`(_ text: String) {
        #expect(PEM.decode(text, label: "CERTIFICATE") == nil)
    }

    @Test func `a request is written under its own label`() {
        let request = CertificateRequest(der: [0x30, 0x00])
        #expect(request.pem == "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n")
    }
}
