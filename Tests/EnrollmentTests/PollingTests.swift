// SPDX-License-Identifier: Apache-2.0

import Enrollment
import Testing

@Suite struct PollingTests {
    @Test(arguments: [
        (Duration.seconds(3600), Duration.seconds(7200), Duration.seconds(300)),
        (.seconds(0), .seconds(60), .seconds(1)),
        (.seconds(-5), .seconds(60), .seconds(1)),
        (.seconds(20), .seconds(60), .seconds(20)),
        (.seconds(20), .seconds(7), .seconds(7)),
    ])
    func `a pause is what the CA asks for, within reason`(asked: Duration, remaining: Duration, pause: Duration) {
        #expect(Polling.pause(after: asked, remaining: remaining) == pause)
    }

    @Test func `a CA that says nothing is asked every ten seconds`() {
        #expect(Polling.pause(after: nil, remaining: .seconds(60)) == .seconds(10))
    }

    @Test func `no time left means no more questions`() {
        #expect(Polling.pause(after: .seconds(1), remaining: .zero) == nil)
    }
}
