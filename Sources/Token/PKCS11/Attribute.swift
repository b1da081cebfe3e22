// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit

/// The attributes of an object that is to be found or made, with the memory they stand in.
struct Template {
    private var values: [(type: CK_ATTRIBUTE_TYPE, bytes: [UInt8])] = []

    func with(_ type: CK_ATTRIBUTE_TYPE, _ bytes: [UInt8]) -> Template {
        var template = self
        template.values.append((type, bytes))
        return template
    }

    func with(_ type: CK_ATTRIBUTE_TYPE, _ flag: Bool) -> Template { with(type, [flag ? 1 : 0]) }

    func with(_ type: CK_ATTRIBUTE_TYPE, _ number: CK_ULONG) -> Template {
        with(type, withUnsafeBytes(of: number) { Array($0) })
    }

    func with(_ type: CK_ATTRIBUTE_TYPE, _ text: String) -> Template { with(type, Array(text.utf8)) }

    /// Lends the template to one call.
    func withAttributes<Result>(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) -> Result) -> Result {
        var memory = values.flatMap(\.bytes)
        return memory.withUnsafeMutableBytes { memory in
            var offset = 0
            var attributes = values.map { value in
                defer { offset += value.bytes.count }
                return CK_ATTRIBUTE(
                    type: value.type,
                    pValue: memory.baseAddress.map { $0 + offset },
                    ulValueLen: CK_ULONG(value.bytes.count)
                )
            }
            return attributes.withUnsafeMutableBufferPointer { buffer in
                guard let first = buffer.baseAddress else { preconditionFailure("an empty template") }
                return body(first, CK_ULONG(buffer.count))
            }
        }
    }
}
