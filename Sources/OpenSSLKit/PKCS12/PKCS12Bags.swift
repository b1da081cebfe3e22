// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

extension PKCS12 {
    /// The parts of a file, each encrypted by itself or not at all (RFC 7292, section 4.1).
    struct Parts: ~Copyable {
        private let stack: OpaquePointer

        init(_ stack: OpaquePointer?) throws(PKCS12Error) {
            guard let stack else { throw PKCS12Error(.malformed) }
            self.stack = stack
        }

        deinit { isignum_pkcs7_stack_free(stack) }

        var count: Int32 { isignum_pkcs7_count(stack) }

        func part(_ index: Int32) throws(PKCS12Error) -> UnsafeMutablePointer<PKCS7> {
            guard let part = isignum_pkcs7_at(stack, index) else { throw PKCS12Error(.malformed) }
            return part
        }
    }

    /// The bags of a part (RFC 7292, section 4.2).
    struct Bags: ~Copyable {
        /// The most bags of a part that are looked into.
        private static let mostBags = 256
        /// How deep bags may lie in others.
        private static let deepest = 4

        private let stack: OpaquePointer

        init(_ stack: OpaquePointer?) throws(PKCS12Error) {
            guard let stack else { throw PKCS12Error(.malformed) }
            self.stack = stack
        }

        deinit { isignum_bags_free(stack) }

        /// Goes through the bags, also those that lie in others.
        func walk(_ visit: (OpaquePointer) throws(PKCS12Error) -> Void) throws(PKCS12Error) {
            var count = 0
            try Self.walk(stack, depth: 0, &count, visit)
        }

        private static func walk(
            _ stack: OpaquePointer,
            depth: Int,
            _ count: inout Int,
            _ visit: (OpaquePointer) throws(PKCS12Error) -> Void
        ) throws(PKCS12Error) {
            for index in 0..<isignum_bags_count(stack) {
                guard let bag = isignum_bag_at(stack, index) else { continue }
                count += 1
                guard count <= mostBags, depth < deepest else { throw PKCS12Error(.tooLarge) }
                if PKCS12_SAFEBAG_get_nid(bag) == NID_safeContentsBag {
                    guard let inner = PKCS12_SAFEBAG_get0_safes(bag) else { throw PKCS12Error(.malformed) }
                    try walk(inner, depth: depth + 1, &count, visit)
                } else {
                    try visit(bag)
                }
            }
        }
    }
}
