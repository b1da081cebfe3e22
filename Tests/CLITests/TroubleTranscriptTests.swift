// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Everything that commonly goes wrong, as a person reads it in both languages, with the exit code and what is left
/// afterwards. ISIGNUM_RECORD=1 writes the files anew; then they are to be read.
@Suite struct TroubleTranscriptTests {
    static let ofDevices = [
        Trouble("wrong-pin", 77) { user in
            try Data("990099\n".utf8).write(to: user.program.home.file("typed"))
            return user.asking() + ["--pin-from", "file:\(user.program.home.file("typed").path)"]
        },
        Trouble("qpin-for-pin", 77) { user in
            user.asking() + ["--pin-from", "file:\(user.device.path)/secrets/qpin"]
        },
        Trouble("locked-pin", 77) { user in
            try Data("990099\n".utf8).write(to: user.program.home.file("typed"))
            let wrong = ["--last-try", "--pin-from", "file:\(user.program.home.file("typed").path)"]
            for _ in 0..<3 { _ = try await user.program.run(user.asking() + wrong) }
            return user.asking()
        },
        Trouble("no-token", 66) { user in
            try user.device.set("plugged", "no")
            return user.asking()
        },
        Trouble("two-tokens", 64) { user in
            user.asking() + ["--module", try SimulatedDevice.module(), "--module", SoftHSM.bareModule]
        },
        Trouble("full", 73) { user in
            try user.device.set("qualified_limit", "0")
            return user.asking("qualified")
        },
        Trouble("key-size", 65) { user in user.asking() + ["--key", "rsa4096"] },
        Trouble("pin-value", 64) { user in user.asking() + ["--token", "pkcs11:token=T?pin-value=990099"] },
    ]

    static let ofAuthorities =
        [
            Trouble("ca-down", 69) { user in
                user.ca.stop()
                return user.asking()
            },
            Trouble("other-key", 65) { user in
                let id = try await user.request()
                try await user.ca.operate("approve", id)
                try await user.ca.operate("fault", "certificate:1 certificate other-key")
                return ["install", id, "--accept"] + user.secrets
            },
            Trouble("unknown-issuer", 69) { user in
                let other = try ServerCertificates.shared.get().otherAnchorFile
                return user.asking("qualified") + ["--ca-file", other]
            },
            Trouble("control-characters", 1) { user in
                let id = try await user.request()
                try user.device.set("label", "evil\u{1B}[2J\u{7}label")
                try await user.ca.operate("reject", id, "no\u{1B}]0;owned\u{7}\u{1B}[2J\u{202E}fdp")
                return ["install", id, "--accept"] + user.secrets
            },
        ]
        + [
            ("status-503", "status 503 120", 69), ("status-429", "status 429 30", 75), ("html", "html", 69),
            ("gigabyte", "oversize 1073741824", 69), ("cut-off", "cut-off", 69),
        ].map { name, fault, status in
            Trouble(name, status) { user in
                try await user.ca.operate("fault", "submit:1 \(fault)")
                return user.asking()
            }
        }

    @Test(arguments: ofDevices + ofAuthorities) func `what goes wrong is told, and nothing is lost`(
        trouble: Trouble
    ) async throws {
        try await check(trouble)
    }

    @Test(arguments: [("tls-name", ServerCertificates.Kind.wrongName), ("tls-expired", .expired)])
    func `a server that is not the CA is sent nothing`(name: String, kind: ServerCertificates.Kind) async throws {
        let server = try TLSListener(kind)
        let anchors = try ServerCertificates.shared.get().anchorFile
        try await check(
            Trouble(name, 69) { user in
                try user.configure("[ca.test]\nurl = \"https://127.0.0.1:\(server.port)/\"\nanchors = \"\(anchors)\"\n")
                return user.asking("qualified")
            }
        )
    }

    @Test(arguments: [
        ("full-disk", "mount -t tmpfs -o size=8k tmpfs"), ("read-only", "mount -t tmpfs -o ro tmpfs"),
    ])
    func `files that cannot be written are met before anything begins`(name: String, mount: String) async throws {
        try await check(
            Trouble(name, 73) { user in
                // The folder is there before anything is mounted over it.
                _ = try await user.program.run("requests")
                return user.asking()
            },
            after: { user in "\(mount) '\(user.state)'" }
        )
    }

    @Test func `a damaged journal is kept aside`() async throws {
        try await check(
            Trouble("damaged-journal", 65) { user in
                try FileManager.default.createDirectory(atPath: user.state, withIntermediateDirectories: true)
                try Data(repeating: 0x2A, count: 9_000).write(to: user.program.home.file("state/journal.sqlite"))
                return user.asking()
            }
        )
    }

    private func check(_ trouble: Trouble, after preparation: ((TroubledUser) -> String)? = nil) async throws {
        var text = ""
        for language in ["en", "cs"] {
            let user = try await TroubledUser()
            let command = try await trouble.prepare(user) + ["--lang", language]
            let outcome = try await user.run(command, after: preparation?(user))
            #expect(outcome.status == trouble.status, "\(trouble.name): \(outcome.errorText)")
            #expect(!outcome.outputText.contains("\u{1B}") && !outcome.errorText.contains("\u{1B}"))
            text += "\(outcome.errorText)[exit \(outcome.status)] \(try await user.remains())\n\n"
            for name in ["pin", "qpin", "puk"] {
                let secret = try SimulatedDevice.secret(name, of: user.device.path).trimmingCharacters(in: .newlines)
                #expect(!text.contains(secret))
            }
        }
        #expect(!text.contains("990099"), "a secret is told")
        let quiet = text.replacing(/journal-damaged-[^\/\n ]+/, with: "journal-damaged-…")
            .replacing(/127\.0\.0\.1(:| port )[0-9]+/) { "127.0.0.1\($0.1)PORT" }
            .replacing(/[^ ]*\/home-[0-9A-F-]{36}/, with: "HOME")
            // SoftHSM shows its tokens in no order.
            .replacing(/(signature|general) \(/, with: "TOKEN (")
        try Transcript.check(quiet, "trouble-\(trouble.name)", hiding: [])
    }
}
