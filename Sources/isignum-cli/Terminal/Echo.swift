// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The echo of a terminal, hidden while a secret is typed and put back however the typing ends: a shell that gets the
/// terminal back must show what is typed, and one that hands it over again must not.
enum Echo {
    // nonisolated(unsafe): signal handlers read them; they change only while none of ours is installed.
    nonisolated(unsafe) private static var terminal: Int32 = -1
    nonisolated(unsafe) private static var found = termios()
    nonisolated(unsafe) private static var hidden = termios()
    nonisolated(unsafe) private static var prompt = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

    /// Signals that take the terminal away without cancelling anything.
    private static let signals = [SIGTSTP, SIGQUIT, SIGCONT]

    /// Hides what is typed while a body runs, and shows its prompt again after a pause.
    ///
    /// One secret is typed at a time.
    ///
    /// - Parameter byCharacter: whether each character is given at once, before the line is complete.
    static func hidden<Failure: Error, Result: ~Copyable>(
        on descriptor: Int32,
        prompt text: String,
        byCharacter: Bool = false,
        during body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard unsafe tcgetattr(descriptor, &found) == 0 else { return try await body() }
        unsafe hidden = found
        unsafe hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL)
        unsafe hidden.c_lflag |= tcflag_t(ICANON | ISIG)
        if byCharacter {
            unsafe hidden.c_lflag &= ~tcflag_t(ICANON)
            // A read waits for one character, however long that takes (termios(3): VMIN, VTIME).
            unsafe withUnsafeMutableBytes(of: &hidden.c_cc) { keys in
                unsafe keys[Int(VMIN)] = 1
                unsafe keys[Int(VTIME)] = 0
            }
        }
        unsafe prompt = .allocate(byteCount: text.utf8.count, alignment: 1)
        unsafe prompt.copyBytes(from: text.utf8)
        unsafe terminal = descriptor
        // What was typed before the question is no answer to it.
        unsafe _ = tcsetattr(descriptor, TCSAFLUSH, &hidden)
        let former = signals.map(listen)
        defer {
            for (number, action) in zip(signals, former) {
                var action = action
                unsafe _ = sigaction(number, &action, nil)
            }
            restore()
            unsafe prompt.deallocate()
            unsafe prompt = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        }
        return try await body()
    }

    /// Puts the echo back; for whoever ends the process while a secret is typed.
    static func restore() {
        guard unsafe terminal >= 0 else { return }
        unsafe _ = tcsetattr(terminal, TCSAFLUSH, &found)
        unsafe terminal = -1
    }

    /// - Returns: what was done about the signal before.
    @discardableResult private static func listen(to number: Int32) -> sigaction {
        var action = sigaction()
        // Raised again from within its handler, a signal is to take effect there and then.
        action.sa_flags = SA_NODEFER | SA_RESTART
        if number == SIGCONT {
            unsafe action.__sigaction_handler.sa_handler = { _ in Echo.resume() }
        } else {
            unsafe action.__sigaction_handler.sa_handler = { number in Echo.pause(number) }
        }
        var former = sigaction()
        unsafe _ = sigaction(number, &action, &former)
        return former
    }

    // Nothing but async-signal-safe functions from here on (signal-safety(7)).

    /// Hands the terminal over as it was found and lets the signal do what it does.
    private static func pause(_ number: Int32) {
        let error = errno
        unsafe _ = tcsetattr(terminal, TCSANOW, &found)
        signal(number, SIG_DFL)
        raise(number)
        listen(to: number)
        // Where nobody minds jobs the process was not stopped, and nobody continues it.
        unsafe _ = tcsetattr(terminal, TCSANOW, &hidden)
        errno = error
    }

    /// Takes the terminal back.
    private static func resume() {
        let error = errno
        unsafe _ = tcsetattr(terminal, TCSANOW, &hidden)
        unsafe _ = write(terminal, prompt.baseAddress, prompt.count)
        errno = error
    }
}
