// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import Synchronization

/// A server on 127.0.0.1 without TLS that gives files and remembers who asked for what; or takes every connection and
/// never answers. Ended with its last owner.
public final class PlainServer: Sendable {
    private struct State {
        var files: [String: Data]
        var asked: [String] = []
        var silent: [CInt] = []
    }

    /// Its address, without a slash at the end.
    public var address: String { "http://127.0.0.1:\(port)" }
    /// The paths that were asked for, in order.
    public var asked: [String] { state.withLock(\.asked) }

    /// Its port.
    public let port: Int
    private let descriptor: CInt
    private let state: Mutex<State>

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - files: what is at which path; anything else is 404.
    ///   - silent: whether nobody is ever answered.
    public init(_ files: [String: Data] = [:], silent: Bool = false) throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.descriptor = descriptor
        state = Mutex(State(files: files))
        let serve: @Sendable () -> Void = { [weak self] in
            while case let peer = accept(descriptor, nil, nil), peer >= 0 {
                guard let self else { return }
                if silent { self.state.withLock { $0.silent.append(peer) } } else { self.answer(peer) }
            }
        }
        Thread(block: serve).start()
    }

    deinit {
        shutdown(descriptor, CInt(SHUT_RDWR))
        close(descriptor)
        for peer in state.withLock(\.silent) { close(peer) }
    }

    /// Puts a file at a path.
    public func put(_ data: Data, at path: String) { state.withLock { $0.files[path] = data } }

    private func answer(_ peer: CInt) {
        defer { close(peer) }
        var header: [UInt8] = []
        var byte: UInt8 = 0
        while !header.suffix(4).elementsEqual([13, 10, 13, 10]), header.count < 65_536, recv(peer, &byte, 1, 0) == 1 {
            header.append(byte)
        }
        let words = String(decoding: header, as: UTF8.self).split(separator: " ")
        guard words.count > 1 else { return }
        let path = String(words[1])
        let file = state.withLock { state in
            state.asked.append(path)
            return state.files[path]
        }
        let status = file == nil ? "404 Not Found" : "200 OK"
        let head = "HTTP/1.1 \(status)\r\nContent-Length: \(file?.count ?? 0)\r\nConnection: close\r\n\r\n"
        _ = (Data(head.utf8) + (file ?? Data())).withUnsafeBytes {
            send(peer, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
    }
}
