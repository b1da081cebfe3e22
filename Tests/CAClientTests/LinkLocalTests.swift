// SPDX-License-Identifier: Apache-2.0

import CCurl
import Foundation
import Testing

/// Which addresses are a neighbour's on the link, where certificates send nobody.
@Suite struct LinkLocalTests {
    @Test(arguments: [
        ("169.254.169.254", true), ("169.254.0.1", true), ("169.253.1.1", false), ("127.0.0.1", false),
        ("10.0.0.1", false), ("254.169.254.169", false),
    ])
    func `an address of IPv4 alone, and written as one of IPv6`(text: String, isLinkLocal: Bool) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        #expect(inet_pton(AF_INET, text, &address.sin_addr) == 1)
        #expect(asked(&address) == isLinkLocal)
        #expect(ofIPv6("::ffff:\(text)") == isLinkLocal)
    }

    @Test(arguments: [
        ("fe80::1", true), ("febf::1", true), ("fec0::1", false), ("::1", false), ("fd00::1", false),
        ("::fe80:1", false),
    ])
    func `an address of IPv6`(text: String, isLinkLocal: Bool) { #expect(ofIPv6(text) == isLinkLocal) }

    private func ofIPv6(_ text: String) -> Bool {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        #expect(inet_pton(AF_INET6, text, &address.sin6_addr) == 1)
        return asked(&address)
    }

    private func asked<Address>(_ address: inout Address) -> Bool {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { isignum_is_link_local($0) != 0 }
        }
    }
}
