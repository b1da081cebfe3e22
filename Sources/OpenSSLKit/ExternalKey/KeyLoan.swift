// SPDX-License-Identifier: Apache-2.0

package import Credentials
internal import Dispatch
internal import ExternalKeyProvider
internal import Synchronization

/// A signing key while OpenSSL uses it: OpenSSL calls, waits, and knows no Swift errors, so that what went wrong is kept
/// here beside the key.
///
/// Each use of a key is a loan of its own: what failed in one is never told in another.
package final class KeyLoan: Sendable {
    let key: any SigningKey
    private let secrets: any SecretSource
    private let lastFailure = Mutex<KeyStoreError?>(nil)

    init(_ key: any SigningKey, secrets: any SecretSource) {
        self.key = key
        self.secrets = secrets
    }

    /// Why the key did not sign, the last time that it did not.
    package var failure: KeyStoreError? { lastFailure.withLock(\.self) }

    /// Signs and waits for it, on a thread that may wait.
    ///
    /// The waiting thread is never one of the cooperative pool, which the task needs (checked here), and never the queue
    /// of the token, which only runs the token's own jobs: whatever the signature needs can go on, a person who types a
    /// secret among it, and so the wait ends.
    fileprivate func signBlocking(_ content: ContentToSign, length: Int) -> [UInt8]? {
        precondition(withUnsafeCurrentTask { $0 == nil }, "OpenSSL signs on a thread that tasks need")
        let answer = Answer()
        Task.detached(priority: .userInitiated) { [key, secrets] in
            do throws(KeyStoreError) {
                answer.give(.success(try await key.sign(content, secrets: secrets)))
            } catch {
                answer.give(.failure(error))
            }
        }
        switch answer.wait() {
        case .success(let signature) where signature.count == length: return signature
        case .success: note(KeyStoreError(.functionFailed, function: "C_Sign"))
        case .failure(let error): note(error)
        }
        return nil
    }

    fileprivate func note(_ failure: KeyStoreError) { lastFailure.withLock { $0 = failure } }
}

/// What a task hands to a thread that waits for it.
private final class Answer: Sendable {
    private let value = Mutex<Result<[UInt8], KeyStoreError>>(.failure(KeyStoreError(.functionFailed)))
    private let arrived = DispatchSemaphore(value: 0)

    func give(_ result: Result<[UInt8], KeyStoreError>) {
        value.withLock { $0 = result }
        arrived.signal()
    }

    func wait() -> Result<[UInt8], KeyStoreError> {
        arrived.wait()
        return value.withLock(\.self)
    }
}

/// What the provider calls for a signature.
func signWithLoan(
    _ context: UnsafeMutableRawPointer?,
    _ what: UnsafePointer<isignum_to_sign>?,
    _ signature: UnsafeMutablePointer<UInt8>?,
    _ length: Int
) -> Bool {
    guard let context, let what = what?.pointee, let signature else { return false }
    let loan = Unmanaged<KeyLoan>.fromOpaque(context).takeUnretainedValue()
    let digest = Array(UnsafeBufferPointer(start: what.digest, count: what.digest_length))
    let algorithms: [DigestAlgorithm] = [.sha256, .sha384, .sha512]
    guard let algorithm = algorithms.first(where: { $0.length == digest.count }) else { return false }
    let content = ContentToSign(
        message: what.message.map { Array(UnsafeBufferPointer(start: $0, count: what.message_length)) },
        digest: digest,
        digestAlgorithm: algorithm,
        padding: what.pss ? .pss : .pkcs1
    )
    guard let made = loan.signBlocking(content, length: length) else { return false }
    _ = UnsafeMutableBufferPointer(start: signature, count: length).update(fromContentsOf: made)
    return true
}

/// What the provider calls when the last user of a key is gone.
func releaseLoan(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<KeyLoan>.fromOpaque(context).release()
}
