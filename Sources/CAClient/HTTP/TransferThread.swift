// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Foundation
internal import OpenSSLKit
internal import Synchronization

/// The thread on which libcurl works: one multi handle, so that connections, TLS sessions and names are found again.
///
/// It sleeps in libcurl while there is nothing to do and is woken by `start`, `wake` and `stop`.
final class TransferThread: Sendable {
    private struct State: @unchecked Sendable {
        // @unchecked: libcurl lets other threads wake a multi handle; all else is done by the one thread.
        var multi: UnsafeMutableRawPointer?
        var arrivals: [Transfer] = []
        var isRunning = false
        var isStopping = false
    }

    private let state: Mutex<State>
    private let anchors: TrustAnchors
    private let limits: TransportLimits

    /// - Throws: `unreachable` when libcurl cannot be started at all.
    init(anchors: TrustAnchors, limits: TransportLimits) throws(CAError) {
        guard CurlLibrary.isReady, let multi = curl_multi_init() else {
            throw CAError(.unreachable, detail: "libcurl did not start")
        }
        state = Mutex(State(multi: multi))
        self.anchors = anchors
        self.limits = limits
    }

    /// Begins a transfer; the thread starts with the first one.
    func start(_ transfer: Transfer) {
        let mustRun = state.withLock { state in
            state.arrivals.append(transfer)
            if let multi = state.multi { curl_multi_wakeup(multi) }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mustRun else { return }
        let thread = Thread { [self] in run() }
        thread.name = "isignum-http"
        thread.start()
    }

    /// Makes the thread look for transfers that were cancelled.
    func wake() {
        state.withLock { state in
            if let multi = state.multi { curl_multi_wakeup(multi) }
        }
    }

    /// Ends the thread and what it holds.
    func stop() {
        let unused: UnsafeMutableRawPointer? = state.withLock { state in
            state.isStopping = true
            if state.isRunning {
                if let multi = state.multi { curl_multi_wakeup(multi) }
                return nil
            }
            defer { state.multi = nil }
            return state.multi
        }
        if let unused { curl_multi_cleanup(unused) }
    }

    private func run() {
        // Signals belong to the other threads; a peer that is gone must not end the program (SIGPIPE).
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        guard let multi = state.withLock({ $0.multi }), let share = curl_share_init() else { return giveUp() }
        _ = isignum_share(share, CURL_LOCK_DATA_SSL_SESSION)
        var active = ActiveTransfers(multi: multi, share: share, anchors: anchors, limits: limits)
        while true {
            let (arrivals, isStopping) = state.withLock { state in
                defer { state.arrivals = [] }
                return (state.arrivals, state.isStopping)
            }
            for transfer in arrivals { active.add(transfer) }
            active.endCancelled(all: isStopping)
            if isStopping { break }
            active.perform()
            curl_multi_poll(multi, nil, 0, active.isEmpty ? 3_600_000 : 1_000, nil)
        }
        state.withLock { $0.multi = nil }
        curl_multi_cleanup(multi)
        curl_share_cleanup(share)
    }

    private func giveUp() {
        let arrivals = state.withLock { state in
            defer { state.arrivals = [] }
            state.isRunning = false
            return state.arrivals
        }
        for transfer in arrivals { transfer.finish(.failure(CAError(.unreachable, detail: "libcurl did not start"))) }
    }
}

/// libcurl as a whole, started once in a process.
enum CurlLibrary {
    static let isReady = isignum_global_init() == CURLE_OK
}
