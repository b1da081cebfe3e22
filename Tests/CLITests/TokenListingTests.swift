// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite struct TokenListingTests {
    @Test func `a token is listed with what scripts need, and no secret is asked for`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        let outcome = try await program.run("list", "--json", "--module", try SimulatedDevice.module())
        #expect(outcome.status == 0)
        let tokens = try #require(try outcome.document()["tokens"] as? [[String: Any]])
        let token = try #require(tokens.first)
        #expect(tokens.count == 1)
        #expect(token["label"] as? String == "ProID+Q simulator")
        #expect((token["serial"] as? String)?.isEmpty == false)
        #expect(token["qualified"] as? Bool == true)
        #expect(token["pin"] as? String == "ok")
        #expect(token["qpin"] as? String == "ok")
        #expect((token["memory"] as? [String: Int])?["total"] == 32_768)
        #expect((token["certificates"] as? [Any])?.isEmpty == true)
        #expect(try device.count(of: "C_Login") == 0)
    }

    @Test func `a token is named by its label, its serial number or its URI`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n")
        let selectors = ["ProID+Q simulator", "pkcs11:model=ProID%2BQ", "pkcs11:token=ProID%2BQ%20simulator"]
        for selector in selectors { #expect(try await program.run("list", "--token", selector).status == 0) }
        let unknown = try await program.run("list", "--token", "another", "--json")
        #expect(unknown.status == 66)
        #expect(try unknown.failure()["message"]?.contains("another") == true)
        let secret = try await program.run("list", "--token", "pkcs11:token=x?pin-value=7654321", "--json")
        #expect(secret.status == 64)
        #expect(!secret.outputText.contains("7654321") && !secret.errorText.contains("7654321"))
    }

    @Test func `a token that is pulled out is said to be missing, and a file that is no module is named`() async throws
    {
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        try device.set("plugged", "no")
        let outcome = try await program.run("list", "--json", "--module", try SimulatedDevice.module())
        #expect(outcome.status == 66)
        #expect(try outcome.failure()["code"] == "token_not_found")
        let none = try await program.run("list", "--json", "--module", "/nonexistent.so")
        #expect(none.status == 78)
        #expect(try none.failure()["message"]?.contains("/nonexistent.so") == true)
    }

    @Test func `a certificate that nobody holds is exit 66`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        let outcome = try await program.run("show", "Nobody", "--json", "--module", try SimulatedDevice.module())
        #expect(outcome.status == 66)
        #expect(try outcome.failure()["code"] == "certificate_not_found")
    }
}
