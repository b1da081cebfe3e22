// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What validators that nobody here wrote say of the CA's certificates, lists, answers and API.
@Suite struct SecondOpinionTests {
    private func issued(_ ca: RunningCA) async throws -> (Applicant, id: String) {
        let applicant = try Applicant(ca)
        let csr = try await applicant.request(extensions: Applicant.qescd)
        let (id, _) = try await applicant.approved(try applicant.submission(csr, device: Applicant.device()))
        return (applicant, id)
    }

    @Test func `pkilint finds no error in a qualified certificate on a device`() async throws {
        // A certificate for the public names public addresses.
        let ca = try RunningCA("--status-url", "http://mock-ca.example.com/")
        let (applicant, _) = try await issued(ca)
        let arguments = [
            "lint", "-t", "QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE", "-s", "ERROR", applicant.folder.file("leaf.pem").path,
        ]
        let verdict = try await ChildProcess.run(try Tools.path("lint_etsi_cert"), arguments, timeout: 120)
        #expect(verdict.succeeded, "\(verdict.outputText) \(verdict.errorText)")
    }

    @Test func `openssl verifies the chain, and the list and the responder tell of a revocation`() async throws {
        let ca = try RunningCA()
        let (applicant, _) = try await issued(ca)
        let folder = applicant.folder
        let serial = try await ChildProcess.output(
            of: "openssl",
            ["x509", "-in", folder.file("leaf.pem").path, "-noout", "-serial"]
        ).split(separator: "=")[1].trimmingCharacters(in: .whitespacesAndNewlines)

        func verdicts() async throws -> (list: Bool, responder: String) {
            for (path, file, form) in [
                ("crl/qualified.crl", "list.pem", "crl"), ("crt/qualified.crt", "issuer.pem", "x509"),
            ] {
                let bytes = try await applicant.ask(path).body
                try await ChildProcess.output(
                    of: "openssl",
                    [form, "-inform", "DER", "-out", folder.file(file).path],
                    input: bytes
                )
            }
            let chain = try await ChildProcess.run(
                "openssl",
                [
                    "verify", "-crl_check", "-CRLfile", folder.file("list.pem").path, "-CAfile", ca.bundle,
                    "-untrusted",
                    folder.file("chain.pem").path, folder.file("leaf.pem").path,
                ]
            )
            let question = folder.file("question.der").path
            try await ChildProcess.output(
                of: "openssl",
                [
                    "ocsp", "-issuer", folder.file("issuer.pem").path, "-cert", folder.file("leaf.pem").path, "-reqout",
                    question,
                ]
            )
            let answer = try await applicant.ask(
                "ocsp/qualified",
                ["-H", "Content-Type: application/ocsp-request", "--data-binary", "@\(question)"]
            )
            try answer.body.write(to: folder.file("answer.der"))
            let response = ["-respin", folder.file("answer.der").path, "-CAfile", ca.bundle]
            let issuer = ["-issuer", folder.file("issuer.pem").path]
            // The question that was asked must have got the answer: its nonce is in it.
            let fitting = try await ChildProcess.run("openssl", ["ocsp", "-reqin", question] + issuer + response)
            #expect(fitting.errorText.contains("Response verify OK"), "\(fitting.errorText)")
            #expect(!fitting.errorText.lowercased().contains("nonce"), "\(fitting.errorText)")
            let leaf = ["-no_nonce", "-cert", folder.file("leaf.pem").path]
            let told = try await ChildProcess.run("openssl", ["ocsp"] + issuer + leaf + response)
            return (chain.succeeded, told.outputText)
        }

        let before = try await verdicts()
        #expect(before.list)
        #expect(before.responder.contains(": good"))
        try await ca.operate("revoke", serial)
        let after = try await verdicts()
        #expect(!after.list)
        #expect(after.responder.contains(": revoked"))
    }

    @Test func `schemathesis finds no violation of the API's document`() async throws {
        let ca = try RunningCA()
        let document = BuildProducts.sources.appendingPathComponent("docs/enrollment-api.yaml").path
        let folder = try TemporaryFolder(named: "schemathesis")
        // No schema can say which strings are signed requests, so well-formed data may be refused. The answers about
        // revocation are no JSON.
        let arguments = [
            "run", document, "--url", String(ca.url.absoluteString.dropLast()), "--tls-verify", ca.bundle, "--checks",
            "all",
            "--exclude-checks", "positive_data_acceptance", "--exclude-path-regex", "^/(crl|crt|ocsp)",
            "--max-examples",
            "15", "--seed", "1", "--no-color", "--max-time", "40",
        ]
        let command = ["cd '\(folder.path)' && exec \"$@\"", "sh", try Tools.path("schemathesis")] + arguments
        let environment = [
            "SCHEMATHESIS_HOOKS": "signed_orders",
            "PYTHONPATH": BuildProducts.sources.appendingPathComponent("Tests/MockCATests").path,
            "PYTHONDONTWRITEBYTECODE": "1",
        ]
        let verdict = try await ChildProcess.run("sh", ["-c"] + command, environment: environment, timeout: 150)
        #expect(verdict.succeeded, "\(verdict.outputText.suffix(4_000))")
    }

    @Test func `the issuance protocol is a PDF that names the holder`() async throws {
        let applicant = try Applicant(try RunningCA())
        let (id, token) = try await applicant.approved(try applicant.submission(try await applicant.request()))
        let answer = try await applicant.ask("v1/requests/\(id)/protocol", token: token)
        let text = try await ChildProcess.output(of: "pdftotext", ["-", "-"], input: answer.body)
        #expect(text.contains("Jan Žižka"))
        #expect(text.contains(id))
    }
}
