// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CAClient

@Suite struct FieldParserTests {
    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func `the three forms of a date mean the same`(text: String) {
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == 784_111_777)
    }

    @Test(arguments: ["", "tomorrow", "1994-11-06", "06 Nov 1994", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun", "Sun\r\n"])
    func `anything else is no date`(text: String) { #expect(HTTPDate.parse(text) == nil) }

    @Test(arguments: ["", "-", "1.5", "10 s", "0x10", "٣", "soon", "+5"])
    func `anything else is no wait`(text: String) {
        #expect(RetryAfter.parse(text, relativeTo: Date(), atMost: .seconds(60)) == nil)
    }

    @Test func `a wait lies between nothing and the cap`() {
        let now = Date(timeIntervalSince1970: 784_111_777)
        let waits = ["0", "59", "60", "61", "-1", "Sun, 06 Nov 1994 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:27 GMT"]
            .map { RetryAfter.parse($0, relativeTo: now, atMost: .seconds(60)) }
        #expect(waits == [0, 59, 60, 60, 0, 10, 0].map { Duration.seconds($0) })
        #expect(RetryAfter.bounded(.min, atMost: .seconds(60)) == .zero)
    }

    @Test func `a media type is read with its parameters`() throws {
        let type = try #require(MediaType(#"Application/PKCS7-Mime ; smime-type=certs-only; x="a;\"b" ;"#))
        #expect(type.name == "application/pkcs7-mime")
        #expect(type.parameters == ["smime-type": "certs-only", "x": #"a;"b"#])
    }

    @Test(arguments: [
        "", "/", "text", "text/", "/html", "a/b/c", "a b/c", "text/html; x", "text/html; x=\"", "text/html; x=1; X=2",
        "text/html; x=a b", "application/json, text/html",
    ])
    func `what is no media type is refused`(text: String) { #expect(MediaType(text) == nil) }

    @Test(arguments: ["a b", "", "=", "a=b", "a\u{0}", "ž", "a,b"])
    func `what is no bearer token is never sent`(token: String) { #expect(HTTPField.bearer(token) == nil) }
}
