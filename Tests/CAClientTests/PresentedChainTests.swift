// SPDX-License-Identifier: Apache-2.0

import CAClient
import Foundation
import TestSupport
import Testing

@Suite struct PresentedChainTests {
    @Test(arguments: ServerCertificates.Kind.allCases)
    func `a server shows its certificates, believed or not, and hears nothing`(
        kind: ServerCertificates.Kind
    ) async throws {
        let server = try await HostileServer(kind)
        var profile = try server.profile("ok")
        profile.anchorFile = nil
        let chain = try await PresentedChain.fetch(from: profile)
        let text = try String(contentsOfFile: ServerCertificates.shared.get().certificateFile(kind), encoding: .utf8)
        let body = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        #expect(chain.map { Data($0) } == [try #require(Data(base64Encoded: body))])
        _ = try await server.next("connected")
        #expect(try await server.stop().requests.isEmpty)
    }

    @Test func `a server that is down, or speaks no TLS, is told apart`() async throws {
        let port = try PlainListener(greeting: "").port
        let down = try CAProfile(name: "x", url: #require(URL(string: "https://127.0.0.1:\(port)/")), anchorFile: nil)
        let error = await failure { () throws(CAError) in try await PresentedChain.fetch(from: down) }
        #expect(error?.code == .unreachable)
        let plain = try PlainListener(greeting: "220 hello\r\n")
        let url = try #require(URL(string: "https://127.0.0.1:\(plain.port)/"))
        let other = try CAProfile(name: "x", url: url, anchorFile: nil)
        let refusal = await failure { () throws(CAError) in try await PresentedChain.fetch(from: other) }
        #expect(refusal?.code == .tlsFailed)
    }
}
