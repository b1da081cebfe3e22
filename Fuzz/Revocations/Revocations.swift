// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

// Answers of OCSP responders (inputs that begin with O) and revocation lists (the others, behind their first byte),
// about a certificate whose issuer is the anchor. Beside the corpus lie both: what nobody signed must not be believed.

func feedRevocations(_ bytes: [UInt8]) {
    let answer: RevocationAnswer?
    let moment = Date(timeIntervalSince1970: 1_800_000_000)
    if bytes.first == UInt8(ascii: "O") {
        answer = try? subject.question.read(Array(bytes.dropFirst()), anchors: subject.anchors, at: moment)
    } else {
        answer = try? RevocationList.read(
            Array(bytes.dropFirst()),
            about: subject.certificate,
            chain: [subject.issuer],
            anchors: subject.anchors,
            at: moment
        )
    }
    // The list in the corpus revokes, and the answer does; nothing signed calls it good.
    precondition(answer != .good)
}

private let subject = Subject()

private struct Subject {
    let certificate: Certificate
    let issuer: [UInt8]
    let anchors: TrustAnchors
    let question: OCSPQuestion

    init() {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        do {
            issuer = try Array(Data(contentsOf: folder.appendingPathComponent("issuer.der")))
            certificate = try Certificate(parsing: Array(Data(contentsOf: folder.appendingPathComponent("leaf.der"))))
            anchors = try TrustAnchors(bundle: issuer)
            question = try OCSPQuestion(about: certificate, issuedBy: issuer)
        } catch {
            fatalError("\(error)")
        }
    }
}
