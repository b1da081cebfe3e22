// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Memory for bytes that are secret: pages of their own, never of the heap. They stay out of the swap space where the
/// system lets them be locked, out of cores and out of the memory of forked processes (mlock(2), madvise(2)), and are
/// wiped before they are given back.
@safe
public struct SecretPages: ~Copyable, @unchecked Sendable {
    // @unchecked: the pages have exactly one owner, who is the one to write to them.
    private let pages: UnsafeMutableRawBufferPointer

    /// Takes zeroed pages.
    ///
    /// - Parameter count: how many bytes are needed; there are at least as many.
    public init(count: Int) {
        let page = max(sysconf(Int32(_SC_PAGESIZE)), 1)
        let size = max(1, (count + page - 1) / page) * page
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        guard let start = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe start != MAP_FAILED
        else {
            fatalError("out of memory")
        }
        unsafe pages = UnsafeMutableRawBufferPointer(start: start, count: size)
        unsafe _ = mlock(start, size)
        unsafe _ = madvise(start, size, MADV_DONTDUMP)
        unsafe _ = madvise(start, size, MADV_WIPEONFORK)
    }

    deinit {
        guard let start = unsafe pages.baseAddress else { return }
        unsafe explicit_bzero(start, pages.count)
        // Unmapping unlocks.
        unsafe _ = munmap(start, pages.count)
    }

    /// The bytes; the pointer must not outlive the pages.
    @unsafe public var bytes: UnsafeMutableRawBufferPointer { unsafe pages }
}
