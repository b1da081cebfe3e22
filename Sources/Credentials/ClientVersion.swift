// SPDX-License-Identifier: Apache-2.0

/// The version of this client, in the one place that everything else reads it from.
public enum ClientVersion {
    /// The version by semver.org: what `isignum --version` prints and what CAs see in `User-Agent`.
    public static let current = "0.1.0"
}
