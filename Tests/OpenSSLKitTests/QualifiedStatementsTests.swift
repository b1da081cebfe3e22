// SPDX-License-Identifier: Apache-2.0

import OpenSSLKit
import Testing

@Suite struct QualifiedStatementsTests {
    private static let compliance = "3008060604008e460101"
    private static let device = "3008060604008e460104"
    private static let type = "3013060604008e4601063009060704008e46010601"

    @Test func `statements of all kinds are read, the unknown ones passed over`() throws {
        // QcPDS (a sequence of addresses), retention period (a number), an identifier of nobody.
        let places = "3026060604008e460105301c301a1614" + "68747470733a2f2f6578616d706c652e637a2f70" + "1302637a"
        let period = "300b060604008e46010302010a"
        let unknown = "3005060" + "32a0304"
        let body = hexadecimal(Self.compliance + places + period + Self.device + unknown + Self.type)
        let statements = try QualifiedStatements(der: [0x30, 0x81, UInt8(body.count)] + body)
        #expect(statements.isQualified && statements.isOnQualifiedDevice)
        #expect(statements.types == [QualifiedStatements.signature])
    }

    @Test func `several purposes are kept in their order`() throws {
        let both = "301c060604008e4601063012060704008e46010602060704008e46010601"
        let statements = try QualifiedStatements(der: hexadecimal("301e" + both))
        #expect(statements.types == [QualifiedStatements.seal, QualifiedStatements.signature])
        #expect(!statements.isQualified && !statements.isOnQualifiedDevice)
    }

    @Test func `no statements say nothing`() throws {
        #expect(try QualifiedStatements(der: [0x30, 0x00]) == QualifiedStatements())
    }

    @Test(arguments: [
        "", "30", "3080", "30800000", "3081", "3084ffffffff", "3088ffffffffffffffff", "30887fffffffffffffff", "0500",
        "310a3008060604008e460101", "300b3008060604008e460101", "30093008060604008e460101",
        "300a3008060604008e46010100", "300a3108060604008e460101", "300a3080060604008e460101", "30023000",
        "3004300206" + "00", "300a3008060704008e460101", "300a3008060604008e4601", "300a3008040604008e460101",
        "300a3008060604008e460181", "300b3009" + "060704808e460101", "300e300c060604008e4601010500" + "0500",
        "300a3008060604008e460106", "300c300a060604008e4601060500", "300e300c060604008e46010630020500",
        "3f8180808080808000", "300a3f08060604008e460101",
    ])
    func `what is not sound DER, or not what it should be, is refused`(_ text: String) {
        #expect(throws: OpenSSLError(.malformed)) { try QualifiedStatements(der: hexadecimal(text)) }
    }

    @Test func `statements without end are not read to their end`() {
        let many = [[UInt8]](repeating: hexadecimal(Self.device), count: 5_000).flatMap(\.self)
        let bytes = [0x30, 0x82, UInt8(many.count >> 8), UInt8(many.count & 255)] + many
        #expect(throws: OpenSSLError(.tooLarge)) { try QualifiedStatements(der: bytes) }
    }

    @Test func `no prefix, no extension and no single wrong bit of statements is taken for more than it says`() throws {
        let sound = hexadecimal("3029" + Self.compliance + Self.device + Self.type)
        for length in 0..<sound.count {
            #expect(throws: OpenSSLError.self) { try QualifiedStatements(der: Array(sound.prefix(length))) }
        }
        #expect(throws: OpenSSLError.self) { try QualifiedStatements(der: sound + [0]) }
        let whole = try QualifiedStatements(der: sound)
        for bit in 0..<(sound.count * 8) {
            var wrong = sound
            wrong[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            if let read = try? QualifiedStatements(der: wrong) { #expect(read != whole, "bit \(bit)") }
        }
    }
}
