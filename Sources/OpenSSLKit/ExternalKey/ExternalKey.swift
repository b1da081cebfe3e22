// SPDX-License-Identifier: Apache-2.0

public import Credentials
internal import Foundation

/// A `SigningKey` as the private key of OpenSSL's own functions: CMS, TLS, anything that insists on one. Next hop:
/// `KeyLoan`.
package struct ExternalKey: Sendable {
    private let key: any SigningKey
    private let secrets: any SecretSource

    /// - Parameters:
    ///   - key: asks for what it needs, by its own rule, each time that it signs.
    ///   - secrets: whom it asks.
    package init(_ key: any SigningKey, secrets: any SecretSource) {
        self.key = key
        self.secrets = secrets
    }

    /// Lends the key for one use.
    ///
    /// Whoever calls OpenSSL with it must do so on a thread that may block for as long as a person needs to type.
    ///
    /// - Throws: `keyNotSupported` for anything but RSA of 2,048 bits or more, P-256 and P-384.
    package func lend() throws(OpenSSLError) -> LentKey {
        let loan = KeyLoan(key, secrets: secrets)
        return LentKey(handle: try ProviderLibrary.shared.key(signingWith: loan), loan: loan)
    }

    /// Runs some calls of OpenSSL with the key, on a thread of their own.
    ///
    /// - Throws: the key's own error where it is the reason for OpenSSL's.
    package func use<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing EVPKeyHandle) throws(OpenSSLError) -> Value
    ) async throws(ExternalKeyError) -> Value {
        let result: Result<Value, ExternalKeyError> = await withCheckedContinuation { waiting in
            let thread = Thread { waiting.resume(returning: attempt(body)) }
            thread.name = "isignum-openssl"
            thread.start()
        }
        return try result.get()
    }

    private func attempt<Value>(
        _ body: (borrowing EVPKeyHandle) throws(OpenSSLError) -> Value
    ) -> Result<Value, ExternalKeyError> {
        do throws(OpenSSLError) {
            let lent = try lend()
            do throws(OpenSSLError) {
                return .success(try body(lent.handle))
            } catch {
                return .failure(lent.loan.failure.map(ExternalKeyError.key) ?? .library(error))
            }
        } catch {
            return .failure(.library(error))
        }
    }
}

/// A key in OpenSSL's hands, with the loan that tells what became of it.
package struct LentKey: ~Copyable {
    package let handle: EVPKeyHandle
    package let loan: KeyLoan
}

/// Why something that needed the private key could not be made.
public enum ExternalKeyError: Error, Sendable {
    /// The key did not sign.
    case key(KeyStoreError)
    /// OpenSSL failed, or the key is of a kind that it cannot use.
    case library(OpenSSLError)
}
