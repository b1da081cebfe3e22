// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import Testing

@Suite struct RequestIDTests {
    @Test(arguments: [
        ("BP5638412975", "BP5638412975"), ("kc0000000001", "KC0000000001"), ("5638412975", "5638412975"),
        (" bP 5638 412 975\n", "BP5638412975"), ("KC-5638-412-975", "KC5638412975"), ("\u{A0}5638412975", "5638412975"),
    ])
    func `an identification is read however it was typed`(_ input: String, _ text: String) {
        #expect(RequestID(input)?.text == text)
        #expect(RequestID(input)?.description == text)
    }

    @Test(arguments: [
        "", "BP", "BP563841297", "BP56384129755", "563841297", "56384129755", "AB5638412975", "BPKC5638412975",
        "BP563841297a", "5638412975BP", "BP٥٦٣٨٤١٢٩٧٥", "ＢＰ5638412975", "BP5638412975\u{0}", "BP5638412975\u{301}",
        "\u{212A}C5638412975", "BP../../etc/p", "BP5638412975;", String(repeating: " ", count: 60) + "5638412975",
    ])
    func `anything else is no identification`(_ input: String) {
        #expect(RequestID(input) == nil)
    }

    @Test func `what is written is read back`() throws {
        let id = try #require(RequestID("BP5638412975"))
        let json = try JSONEncoder().encode([id])
        #expect(String(decoding: json, as: UTF8.self) == #"["BP5638412975"]"#)
        #expect(try JSONDecoder().decode([RequestID].self, from: json) == [id])
    }

    @Test func `what somebody else wrote is read as strictly`() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([RequestID].self, from: Data(#"["../5638412975"]"#.utf8))
        }
    }
}
