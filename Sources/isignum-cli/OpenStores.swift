// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Token

/// The tokens that this run has opened: each is opened once and keeps its login until the run ends, so that nobody is
/// asked twice for the same secret.
actor OpenStores {
    private let directory: TokenDirectory
    private var stores: [TokenIdentity: PKCS11Token] = [:]
    private var surveyed: [PKCS11Token] = []

    init(_ directory: TokenDirectory) { self.directory = directory }

    /// The devices that are plugged in.
    func tokens() async throws(KeyStoreError) -> [TokenDescription] { try await directory.tokens() }

    /// Devices and cards, as modules and readers see them together.
    func survey() async -> DeviceSurvey { await directory.survey() }

    /// What is plugged in now and after every change.
    nonisolated func changes(atMost time: Duration?) -> AsyncStream<DeviceChange> { directory.changes(atMost: time) }

    /// Modules that cannot be used, and why; known once the tokens were looked at.
    nonisolated var troubles: [KeyStoreError] { directory.troubles }

    /// Opens a device that a survey found; `nil` for a card without a module. Two devices that call themselves the
    /// same are two.
    func store(_ found: SurveyedDevice) -> PKCS11Token? {
        guard let store = directory.open(found) else { return nil }
        surveyed.append(store)
        return store
    }

    /// All tokens that a selector means; those of the same name are told apart by their readers.
    ///
    /// - Throws: `tokenNotFound` when there is none: an empty answer would hide an unplugged reader.
    func all(meant selector: TokenSelector?) async throws(KeyStoreError) -> [PKCS11Token] {
        let all = try await directory.openAll(selector)
        surveyed += all
        return all
    }

    /// All tokens that are plugged in, each ready to be used by its identity later on.
    ///
    /// - Throws: `tokenNotFound` when there is none.
    func everything() async throws(KeyStoreError) -> [PKCS11Token] {
        let all = try await directory.openAll(nil)
        return all.map { store in
            let identity = store.token.identity
            // Of those that call themselves the same, none is meant by its identity.
            guard all.count(where: { $0.token.identity == identity }) == 1 else {
                surveyed.append(store)
                return store
            }
            if let known = stores[identity] { return known }
            stores[identity] = store
            return store
        }
    }

    /// The token that a selector means, or the only one there is.
    func store(_ selector: TokenSelector?) async throws(KeyStoreError) -> PKCS11Token {
        let store = try await directory.open(selector)
        if let known = stores[store.token.identity] { return known }
        stores[store.token.identity] = store
        return store
    }

    /// The token that an earlier run met.
    func store(_ identity: TokenIdentity) async throws(KeyStoreError) -> PKCS11Token {
        if let known = stores[identity] { return known }
        return try await store(TokenSelector(identity))
    }

    /// Logs out everywhere and lets the modules go. A module that hangs is left to the end of the process: everything
    /// that matters is done.
    nonisolated func closeAll(within time: Duration) async {
        let (closed, ending) = AsyncStream.makeStream(of: Void.self)
        Task {
            await closeAll()
            ending.finish()
        }
        let limit = Task {
            try await Task.sleep(for: time)
            ending.finish()
        }
        // Cancellation ends a stream at once; whoever was interrupted logs out all the same.
        await Task { for await _ in closed {} }.value
        limit.cancel()
    }

    private func closeAll() async {
        for store in stores.values { await store.close() }
        for store in surveyed { await store.close() }
        stores = [:]
        surveyed = []
        await directory.shutdown()
    }
}
