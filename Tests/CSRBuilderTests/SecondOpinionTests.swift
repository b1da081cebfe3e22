// SPDX-License-Identifier: Apache-2.0

import CSRBuilder
import Credentials
import Foundation
import TestSupport
import Testing

/// What other people's programs read in a request.
@Suite struct SecondOpinionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder(named: "requests") }

    @Test(arguments: GoldenRequest.all, GoldenRequest.keys)
    func `openssl verifies a request and reads what was asked for`(_ row: GoldenRequest, _ key: String) async throws {
        let file = try await written(row, key)
        let read = try await ChildProcess.run(
            "openssl",
            ["req", "-in", file, "-verify", "-noout", "-text", "-nameopt", "utf8", "-subject"]
        )
        let text = read.outputText + read.errorText
        #expect(read.succeeded && text.contains("verify OK"))
        #expect(text.contains("subject=" + (row.name.map { "CN=\($0)" } ?? "") + "\n"))
        #expect(text.contains("Policy: \(row.policy)\n"))
        #expect(text.contains("email:kun@example.cz") == (row.email != nil))
        #expect(text.contains("qcStatements") == (row.type == .qualified))
    }

    @Test(arguments: GoldenRequest.all, GoldenRequest.keys)
    func `GnuTLS verifies a request and reads what was asked for`(_ row: GoldenRequest, _ key: String) async throws {
        let read = try await ChildProcess.run("certtool", ["--crq-info", "--infile", try await written(row, key)])
        let text = read.outputText + read.errorText
        #expect(read.succeeded && text.contains("Self signature: verified"))
        if let name = row.name { #expect(text.contains("Subject: CN=\(name)\n")) }
        #expect(text.contains(row.policy))
        #expect(text.contains("RFC822Name: kun@example.cz") == (row.email != nil))
        #expect(text.contains("1.3.6.1.5.5.7.1.3") == (row.type == .qualified))
    }

    @Test func `pyca verifies all requests and reads what was asked for`() async throws {
        var files: [String] = []
        for row in GoldenRequest.all {
            for key in GoldenRequest.keys { files.append(try await written(row, key)) }
        }
        let script = BuildProducts.sources.appendingPathComponent("Tests/CSRBuilderTests/read-requests.py")
        let lines = try await ChildProcess.output(of: python, [script.path] + files).split(separator: "\n")
        try #require(lines.count == files.count)
        for (index, line) in lines.enumerated() {
            let row = GoldenRequest.all[index / GoldenRequest.keys.count]
            let read = try JSONDecoder().decode(Reading.self, from: Data(line.utf8))
            #expect(read.verifies)
            #expect(read.subject == (row.name.map { ["2.5.4.3=\($0)"] } ?? []))
            #expect(read.policies == [row.policy])
            #expect(read.emails == (row.email.map { [$0] } ?? []))
            #expect((read.statements != nil) == (row.type == .qualified))
            #expect(
                read.statements?.contains("3008060604008e460104") ?? false == (row.onDevice && row.type == .qualified)
            )
        }
    }

    private struct Reading: Decodable {
        let verifies: Bool
        let subject: [String]
        let policies: [String]
        let emails: [String]
        let statements: String?
    }

    private func written(_ row: GoldenRequest, _ key: String) async throws -> String {
        let file = folder.file("\(row.testDescription).\(key).csr")
        try Data(try await row.build(signingWith: SoftwareKey(key)).pem.utf8).write(to: file)
        return file.path
    }

    /// A Python that has the `cryptography` package.
    private var python: String {
        let places: [String?] = [
            ProcessInfo.processInfo.environment["ISIGNUM_TOOLS"].map { "\($0)/python3" },
            BuildProducts.sources.appendingPathComponent(".build-tools/venv/bin/python3").path,
        ]
        return places.compactMap(\.self).first { FileManager.default.isExecutableFile(atPath: $0) } ?? "python3"
    }
}
