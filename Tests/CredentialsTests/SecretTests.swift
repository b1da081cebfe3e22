// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import Testing

@Suite struct SecretTests {
    @Test func `the bytes that were written are lent, and no more of them`() throws {
        let pin = try PIN.typed("73519402")
        let bytes = pin.withBytes { Array($0) }
        #expect(pin.count == 8)
        #expect(bytes == Array("73519402".utf8))
    }

    @Test func `there is room for the longest secret and no more`() throws {
        var room = 0
        let filled = PIN(filling: { buffer in
            room = buffer.count
            #expect(buffer.allSatisfy { $0 == 0 })
            buffer.copyBytes(from: [UInt8](repeating: 0x31, count: buffer.count))
            return buffer.count
        })
        guard let longest = filled else { throw NoSecret() }
        #expect(room == PIN.capacity && PIN.capacity == 255)
        let lent = longest.withBytes { $0.count }
        #expect(lent == 255)
        guard let empty = PIN(filling: { _ in 0 }) else { throw NoSecret() }
        let isEmpty = empty.withBytes { $0.isEmpty }
        #expect(empty.count == 0 && isEmpty)
    }

    @Test(arguments: [nil, -1, 256, Int.min, Int.max])
    func `no secret comes of no answer or of more than there was room for`(_ used: Int?) {
        if PIN(filling: { _ in used }) != nil { Issue.record("\(String(describing: used)) made a secret") }
    }

    @Test func `an error on the way comes through`() {
        struct Interrupted: Error {}
        #expect(throws: Interrupted.self) { _ = try PIN(filling: { _ in throw Interrupted() }) }
    }

    @Test(arguments: [
        ("73519402", "73519402", true), ("73519402", "73519403", false), ("73519402", "83519402", false),
        ("7351", "73519402", false), ("", "", true), ("", "1", false),
    ])
    func `two secrets match when all their bytes do`(_ left: String, _ right: String, _ same: Bool) throws {
        let pin = try PIN.typed(left)
        let qpin = try QPIN.typed(right)
        let (there, back) = (pin.matches(qpin), qpin.matches(pin))
        #expect(there == same && back == same)
    }

    @Test func `each role names its secret`() {
        #expect(PINRole.kind == .pin)
        #expect(QPINRole.kind == .qpin)
        #expect(PUKRole.kind == .puk)
    }

    @Test func `nothing of a secret is left where it was`() throws {
        let text = "wiped-\(UInt64.random(in: .min ... .max))"
        var place: UInt = 0
        do {
            let pin = try PIN.typed(text)
            place = pin.withBytes { UInt(bitPattern: $0.baseAddress) }
            #expect(memory(at: place, count: text.utf8.count) == Array(text.utf8))
        }
        // Half of it is enough: an allocator writes its own notes over the first bytes.
        #expect(memory(at: place + 16, count: 8) != Array(text.utf8.dropFirst(16).prefix(8)))
    }

    @Test(arguments: [nil, 256, 7])
    func `nothing is left of a secret that failed on its way`(_ answer: Int?) throws {
        let text = "wiped-\(UInt64.random(in: .min ... .max))"
        var place: UInt = 0
        do {
            let pin = try PIN(filling: { buffer throws -> Int? in
                place = UInt(bitPattern: buffer.baseAddress)
                buffer.copyBytes(from: text.utf8)
                if answer == 7 { throw NoSecret() }
                return answer
            })
            if pin != nil { Issue.record("a failure made a secret") }
        } catch {
            #expect(answer == 7)
        }
        #expect(memory(at: place + 16, count: 8) != Array(text.utf8.dropFirst(16).prefix(8)))
    }

    @Test func `a secret stays locked in memory when another goes`() throws {
        #expect(try secretsLockedAfterTheNextWent(30) == 30, "this system lets nobody lock memory, or unlocks too much")
    }

    @Test func `a secret is in no core and in no forked process`() throws {
        let pin = try PIN.typed("73519402")
        let flags = flags(of: pin)
        #expect(flags.contains("dd") && flags.contains("wf"), "\(flags)")
    }

    /// Makes secrets one inside the life of another.
    private func secretsLockedAfterTheNextWent(_ depth: Int) throws -> Int {
        guard depth > 0 else { return 0 }
        let pin = try PIN.typed("73519402")
        let inner = try secretsLockedAfterTheNextWent(depth - 1)
        return inner + (flags(of: pin).contains("lo") ? 1 : 0)
    }
}

private struct NoSecret: Error {}

extension Secret {
    /// What a person would have typed.
    fileprivate static func typed(_ text: String) throws -> Secret {
        let secret = Secret(filling: { buffer in
            buffer.copyBytes(from: text.utf8)
            return text.utf8.count
        })
        guard let secret else { throw NoSecret() }
        return secret
    }
}

/// Memory as the kernel sees it, so that no allocator and no sanitizer is asked; `nil` where nothing is mapped.
private func memory(at place: UInt, count: Int) -> [UInt8]? {
    let file = open("/proc/self/mem", O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(file, &bytes, count, Int(place)) == count ? bytes : nil
}

/// What the kernel says of the page ("VmFlags" of its mapping, proc(5)): "lo" is locked, "dd" stays out of cores, "wf" is
/// wiped in forked processes.
private func flags<Role: SecretRole>(of secret: borrowing Secret<Role>) -> [String] {
    let place = secret.withBytes { UInt(bitPattern: $0.baseAddress) }
    guard let file = FileHandle(forReadingAtPath: "/proc/self/smaps"), let maps = try? file.readToEnd() else {
        return []
    }
    var isInside = false
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
        let words = line.split(separator: " ")
        let bounds = words.first.map { $0.split(separator: "-").compactMap { UInt($0, radix: 16) } } ?? []
        if bounds.count == 2 { isInside = (bounds[0]..<bounds[1]).contains(place) }
        if isInside, words.first == "VmFlags:" { return words.dropFirst().map(String.init) }
    }
    return []
}
