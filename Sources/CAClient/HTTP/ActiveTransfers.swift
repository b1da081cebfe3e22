// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import OpenSSLKit

/// The transfers that libcurl is working on, each with its easy handle. Lives on the transfer thread.
struct ActiveTransfers: ~Copyable {
    private let multi: UnsafeMutableRawPointer
    private let share: UnsafeMutableRawPointer
    private let anchors: TrustAnchors
    private let limits: TransportLimits
    private var handles: [UnsafeMutableRawPointer: EasyHandle] = [:]

    init(
        multi: UnsafeMutableRawPointer,
        share: UnsafeMutableRawPointer,
        anchors: TrustAnchors,
        limits: TransportLimits
    ) {
        self.multi = multi
        self.share = share
        self.anchors = anchors
        self.limits = limits
    }

    var isEmpty: Bool { handles.isEmpty }

    mutating func add(_ transfer: Transfer) {
        guard let handle = EasyHandle(for: transfer, anchors: anchors, limits: limits, share: share) else {
            transfer.finish(.failure(failure(.profileInvalid, "libcurl refused a setting", of: transfer)))
            return
        }
        let pointer = handle.pointer
        let code = curl_multi_add_handle(multi, pointer)
        guard code == CURLM_OK else {
            let detail = String(cString: curl_multi_strerror(code))
            transfer.finish(.failure(failure(.unreachable, detail, of: transfer)))
            return
        }
        handles[pointer] = handle
    }

    /// Gives up the transfers that nobody waits for, or all of them.
    mutating func endCancelled(all: Bool) {
        for (pointer, handle) in handles where all || handle.transfer.isCancelled {
            // The waiting task hears first: taking a connection down may last.
            handle.transfer.finish(.failure(failure(.cancelled, nil, of: handle.transfer)))
            remove(pointer)
        }
    }

    /// Lets libcurl work on what has come, and hands out what is finished.
    mutating func perform() {
        var running: CInt = 0
        curl_multi_perform(multi, &running)
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle,
                let handle = handles[pointer]
            else { continue }
            let code = message.pointee.data.result
            handle.transfer.finish(result(of: handle, code: code))
            remove(pointer)
        }
    }

    private mutating func remove(_ pointer: UnsafeMutableRawPointer) {
        curl_multi_remove_handle(multi, pointer)
        handles[pointer] = nil
    }

    private func result(of handle: EasyHandle, code: CURLcode) -> Result<HTTPResponse, CAError> {
        let transfer = handle.transfer
        if let refusal = transfer.refusal { return .failure(failure(refusal, nil, of: transfer)) }
        if code == CURLE_OK {
            guard transfer.isFramed else {
                return .failure(failure(.answerCutOff, "the answer does not say where it ends", of: transfer))
            }
            return .success(transfer.response)
        }
        if let cause = transfer.keyFailure {
            return .failure(
                CAError(.clientKeyFailed, exchange: transfer.request.summary, keyStoreError: cause)
            )
        }
        let words = handle.message
        let kind = TransferFailure.kind(
            of: code,
            verdict: handle.verdict,
            hasBegun: transfer.hasBegun,
            isConnected: handle.isConnected,
            proxyStatus: handle.proxyStatus
        )
        return .failure(
            failure(
                kind,
                words.isEmpty ? String(cString: curl_easy_strerror(code)) : words,
                of: transfer,
                status: kind == .proxyRefused ? handle.proxyStatus : nil
            )
        )
    }

    private func failure(
        _ code: CAError.Code,
        _ detail: String?,
        of transfer: Transfer,
        status: Int? = nil
    ) -> CAError {
        CAError(code, status: status, exchange: transfer.request.summary, detail: detail)
    }
}
