// SPDX-License-Identifier: Apache-2.0

import CAClient
import Foundation
import TestSupport
import Testing

/// The script `hostile-server` as a running process: its modes are the first part of the path.
final class HostileServer {
    /// One line of what the server sees.
    struct Event: Decodable, Sendable {
        var event: String
        var port: Int?
        var connection: Int?
        var method: String?
        var path: String?
        var headers: [String: String]?
        var body: String?
        var bytes: Int?
        var resumed: Bool?
    }

    let port: Int
    private let process: RunningProcess
    private var lines: AsyncStream<Event>.Iterator
    private var seen: [Event] = []

    /// Starts a server on a free port of 127.0.0.1.
    init(_ kind: ServerCertificates.Kind = .right) async throws {
        let certificates = try ServerCertificates.shared.get()
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "hostile-server")
        process = try RunningProcess(
            "python3",
            [script.path, certificates.certificateFile(kind), certificates.keyFile],
            input: .pipe,
            output: .pipe,
            errors: .inherited
        )
        let output = try #require(process.output)
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        let reader = Thread {
            var rest = Data()
            while case let more = output.availableData, !more.isEmpty {
                rest.append(more)
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    if let event = try? JSONDecoder().decode(Event.self, from: rest[..<end]) {
                        continuation.yield(event)
                    }
                    rest = rest[rest.index(after: end)...]
                }
            }
            continuation.finish()
        }
        reader.start()
        lines = stream.makeAsyncIterator()
        let ready = try #require(await lines.next(isolation: #isolation))
        port = try #require(ready.port)
    }

    /// Waits until the server has seen something.
    func next(_ name: String) async throws -> Event {
        while let event = await lines.next(isolation: #isolation) {
            seen.append(event)
            if event.event == name { return event }
        }
        throw Ended(name: name)
    }

    /// Ends the server and gives everything that it saw.
    func stop() async throws -> [Event] {
        try process.input?.close()
        while let event = await lines.next(isolation: #isolation) { seen.append(event) }
        return seen
    }

    /// A client that asks this server in one of its modes.
    func client(_ mode: String, limits: TransportLimits = TransportLimits()) throws -> EnrollmentAPIClient {
        try EnrollmentAPIClient(profile: profile(mode), limits: limits)
    }

    func profile(_ mode: String, host: String = "127.0.0.1") throws -> CAProfile {
        try CAProfile(
            name: "test",
            url: #require(URL(string: "https://\(host):\(port)/\(mode)/")),
            anchorFile: ServerCertificates.shared.get().anchorFile
        )
    }

    private struct Ended: Error {
        var name: String
    }
}

extension [HostileServer.Event] {
    /// The requests among what a server saw.
    var requests: [HostileServer.Event] { filter { $0.event == "request" } }
}
