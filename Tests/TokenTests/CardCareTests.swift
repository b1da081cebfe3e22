// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import Token

#if canImport(Glibc)
    import Glibc
#endif

/// PIN and QPIN on a card behind a real pcscd and the real OpenSC module: each with its own counter and its own PUK.
@Suite(.serialized) struct CardCareTests {
    /// Has this process see the card of a folder and opens it.
    static func token(_ path: String, _ module: String) async throws -> PKCS11Token {
        setenv("PCSCLITE_CSOCK_NAME", "\(path)/pcscd.comm", 1)
        setenv("OPENSC_CONF", "\(path)/opensc.conf", 1)
        return try await TokenDirectory(modules: .files([module])).open(nil)
    }

    static func secret(_ name: String, of path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/secrets/\(name)")), as: UTF8.self)
    }

    @Test func `PIN and QPIN are changed, each by one VERIFY and one CHANGE REFERENCE DATA`() async throws {
        let card = try await CardStack()
        try card.forget()
        await #expect(processExitsWith: .success) {
            [path = card.path as String, module = try card.module() as String] in
            let token = try await CardCareTests.token(path, module)
            let secrets = TypedSecrets(
                pin: [try CardCareTests.secret("pin", of: path)],
                qpin: [try CardCareTests.secret("qpin", of: path)],
                new: ["640283", "581306"]
            )
            try await token.change(.pin, secrets: secrets)
            try await token.change(.qpin, secrets: secrets)
            #expect(secrets.requests.map(\.triesLeft) == [3, 3])
            // The new ones count.
            let now = TypedSecrets(pin: ["640283"], qpin: ["581306"], new: ["271845", "904517"])
            try await token.change(.pin, secrets: now)
            try await token.change(.qpin, secrets: now)
        }
        // Four typings.
        #expect(try card.instructions().count { $0 == "24" } == 4)
        #expect(try card.tries() == 4)
    }

    @Test(arguments: ["pin", "qpin"])
    func `the card tells its tries exactly, and its own PUK gives a blocked secret a new value`(
        name: String
    ) async throws {
        let card = try await CardStack()
        try card.forget()
        await #expect(processExitsWith: .success) {
            [path = card.path as String, module = try card.module() as String, name = name as String] in
            let token = try await CardCareTests.token(path, module)
            let kind = try #require(SecretKind(rawValue: name))
            var left: [Int?] = []
            for _ in 0..<3 {
                let wrong = TypedSecrets(pin: ["998877"], qpin: ["998877"], new: ["640283"])
                let error = await #expect(throws: KeyStoreError.self) { try await token.change(kind, secrets: wrong) }
                #expect(error?.secret == kind)
                left.append(error?.triesLeft)
            }
            #expect(left == [2, 1, 0])
            #expect(await token.standing(of: kind)?.state == .locked)
            let other: SecretKind = kind == .pin ? .qpin : .pin
            #expect(await token.standing(of: other)?.triesLeft == 3)
            // A PUK that is wrong is counted by the card, and its answer says how many are left.
            let foreign = TypedSecrets(puk: ["11223345"], new: ["640283"])
            let error = await #expect(throws: KeyStoreError.self) { try await token.unblock(kind, secrets: foreign) }
            #expect(error?.code == .secretWrong && error?.secret == .puk)
            #expect((error?.triesLeft ?? 0) > 0)
            let puk = try CardCareTests.secret("\(name)-puk", of: path)
            try await token.unblock(kind, secrets: TypedSecrets(puk: [puk], new: ["640283"]))
            #expect(await token.standing(of: kind)?.triesLeft == 3)
            let now = TypedSecrets(pin: ["640283"], qpin: ["640283"], new: ["739154"])
            try await token.change(kind, secrets: now)
        }
        #expect(try card.instructions().count { $0 == "2C" } == 2)
        // Three wrong ones and the new one.
        #expect(try card.tries() == 4)
    }

    @Test func `unblocking does not need OpenSC to be set up for it where the card's commands are known`() async throws
    {
        let card = try await CardStack()
        try card.useStockConfiguration()
        try card.forget()
        await #expect(processExitsWith: .success) {
            [path = card.path as String, module = try card.module() as String] in
            let token = try await CardCareTests.token(path, module)
            for _ in 0..<3 {
                let wrong = TypedSecrets(pin: ["998877"], new: ["640283"])
                await #expect(throws: KeyStoreError.self) { try await token.change(.pin, secrets: wrong) }
            }
            let puk = try CardCareTests.secret("pin-puk", of: path)
            try await token.unblock(.pin, secrets: TypedSecrets(puk: [puk], new: ["640283"]))
            try await token.change(.pin, secrets: TypedSecrets(pin: ["640283"], new: ["739154"]))
        }
        #expect(try card.instructions().count { $0 == "2C" } == 1)
    }

    @Test(arguments: [("pull-before", "739154"), ("pull-after", "640283")])
    func `a card that is pulled out while its PIN changes leaves it open which one counts, and loses no try`(
        moment: String,
        counts: String
    ) async throws {
        let card = try await CardStack()
        try card.forget()
        try CardStack.setFault("ins 24 1 \(moment)", of: card.path)
        await #expect(processExitsWith: .success) {
            [path = card.path as String, module = try card.module() as String] in
            let token = try await CardCareTests.token(path, module)
            let secrets = TypedSecrets(pin: [try CardCareTests.secret("pin", of: path)], new: ["640283"])
            let error = await #expect(throws: KeyStoreError.self) { try await token.change(.pin, secrets: secrets) }
            #expect(error?.code == .secretUncertain && error?.secret == .pin)
        }
        try CardStack.clearFault(of: card.path)
        try await CardStack.insert(card.path)
        await #expect(processExitsWith: .success) {
            [path = card.path as String, module = try card.module() as String, counts = counts as String] in
            let token = try await CardCareTests.token(path, module)
            #expect(await token.standing(of: .pin)?.triesLeft == 3)
            try await token.change(.pin, secrets: TypedSecrets(pin: [counts], new: ["271845"]))
        }
        // Two typings, none of them refused.
        let sent = try card.exchanges().filter(\.carriesSecret).map(\.status)
        #expect(sent == ["9000", "9000"])
    }

    @Test func `a PUK of the card cannot be changed, and nobody is asked for it`() async throws {
        let card = try await CardStack()
        await #expect(processExitsWith: .success) {
            [path = card.path as String, module = try card.module() as String] in
            let token = try await CardCareTests.token(path, module)
            let secrets = TypedSecrets()
            let error = await #expect(throws: KeyStoreError.self) { try await token.change(.puk, secrets: secrets) }
            #expect(error?.code == .changeNotOffered && secrets.questions.isEmpty)
        }
    }
}
