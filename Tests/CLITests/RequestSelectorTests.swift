// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// How a person names a request.
@Suite struct RequestSelectorTests {
    @Test func `an ID that two CAs gave wants the CA or the number`() throws {
        let home = try TemporaryFolder(named: "journal")
        let journal = try Journal(folder: home.file("state"))
        let token = TokenIdentity(label: "t", serial: "1", manufacturer: "m", model: "ProID+Q")
        let plan = EnrollmentPlan(type: .commercial, holder: .person, contact: Contact(name: "Ada"), locale: "cs")
        for authority in ["one", "two"] {
            var entry = try journal.begin(plan, authority: authority, token: token)
            entry.requestID = RequestID("KC0000000001")
            try journal.record(&entry, as: .pending)
        }
        let error = #expect(throws: CommandError(.requestAmbiguous)) {
            _ = try journal.entry(named: "KC0000000001", of: nil)
        }
        #expect(error?.subjects == ["#1 (one)", "#2 (two)"])
        #expect(try journal.entry(named: "KC0000000001", of: "two").id == 2)
        #expect(try journal.entry(named: "#1", of: nil).authority == "one")
        #expect(throws: CommandError(.requestAmbiguous)) { _ = try journal.entry(named: "KC0000000001", of: "three") }
        #expect(throws: CommandError(.requestNotFound)) { _ = try journal.entry(named: "KC0000000002", of: nil) }
        #expect(throws: CommandError(.requestNotFound)) { _ = try journal.entry(named: "7", of: nil) }
    }
}
