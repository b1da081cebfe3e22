// SPDX-License-Identifier: Apache-2.0

internal import CLinux

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What the process gives up as soon as it starts, before it has a second thread or a module: the ways by which what is
/// in its memory could get out of it. Costs a few system calls.
enum Hardening {
    /// The signals of a crash. Swift's runtime may have taken them (`SWIFT_BACKTRACE`) for a report that quotes
    /// registers and the memory behind them: a module that crashes in C_Login has the PIN there.
    private static let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGQUIT]

    static func apply() {
        for number in crashes { leaveToSystem(number) }
        // libcurl would write the keys of every connection there, and with them the access tokens.
        unsafe _ = unsetenv("SSLKEYLOGFILE")
        #if !ISIGNUM_DEBUGGABLE
            // No core files, also none of a program that collects cores, and no debugger of the same user (prctl(2)).
            var limit = rlimit()
            if unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 {
                limit.rlim_cur = 0
                unsafe _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
            }
            isignum_set_dumpable(0)
        #endif
    }

    /// Undoes a handler; a signal that whoever started us wants ignored stays so.
    private static func leaveToSystem(_ number: Int32) {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return }
        let isIgnored = unsafe action.__sigaction_handler.sa_handler.map {
            unsafe unsafeBitCast($0, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        }
        if isIgnored != true { signal(number, SIG_DFL) }
    }
}
