// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A socket on 127.0.0.1 that answers whoever comes with the same bytes and no TLS; closed with its last reference.
final class PlainListener: Sendable {
    let port: Int
    private let descriptor: CInt

    init(greeting: String) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard !greeting.isEmpty else { return }
        Thread {
            while case let peer = accept(descriptor, nil, nil), peer >= 0 {
                _ = Array(greeting.utf8).withUnsafeBytes {
                    send(peer, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
                }
                close(peer)
            }
        }.start()
    }

    deinit {
        shutdown(descriptor, CInt(SHUT_RDWR))
        close(descriptor)
    }
}
