// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

extension Journal {
    /// Where a CA gave a request the ID of another one, the older keeps it. A later one that is open goes back to where
    /// its request may or may not have arrived: handed in again under its own key, it gets its own ID.
    private static func settleSharedIDs(in database: Database) throws {
        let sql = """
            SELECT later.id, later.requestID, later.state, MIN(older.id) AS older FROM request AS later
            JOIN request AS older
            ON older.authority = later.authority AND older.requestID = later.requestID AND older.id < later.id
            GROUP BY later.id
            """
        for row in try Row.fetchAll(database, sql: sql) {
            let (id, now): (DatabaseValue, Date) = (row["id"], Date())
            let number: DatabaseValue = row["older"]
            let note = "\(String.fromDatabaseValue(row["requestID"]) ?? "") = #\(number)"
            try database.execute(
                sql: "UPDATE request SET requestID = NULL, reason = COALESCE(reason, ?) WHERE id = ?",
                arguments: [note, id]
            )
            let open = ["pending", "issued", "accepted"]
            guard let state = String.fromDatabaseValue(row["state"]), open.contains(state) else { continue }
            try database.execute(
                sql: """
                    UPDATE request SET state = 'submitted', accessToken = NULL, remoteState = NULL, nextPoll = NULL,
                    chain = '[]', serverSkew = NULL, updated = ? WHERE id = ?
                    """,
                arguments: [now, id]
            )
            try database.execute(
                sql: "INSERT INTO step (request, state, at) VALUES (?, 'submitted', ?)",
                arguments: [id, now]
            )
        }
    }

    /// The shapes that the journal has had, each step applied once. A step that was released is never changed.
    static var migrations: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 requests and their steps") { database in
            try database.execute(
                sql: """
                    CREATE TABLE request (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        plan TEXT NOT NULL,
                        authority TEXT NOT NULL,
                        token TEXT NOT NULL,
                        idempotencyKey TEXT NOT NULL UNIQUE,
                        created TEXT NOT NULL,
                        state TEXT NOT NULL,
                        keyIdentifier BLOB NOT NULL,
                        publicKey BLOB,
                        publicKeySHA256 TEXT,
                        claims TEXT,
                        device TEXT,
                        marker TEXT,
                        markerRefusal TEXT,
                        request BLOB,
                        requestID TEXT,
                        accessToken TEXT,
                        remoteState TEXT,
                        nextPoll TEXT,
                        chain TEXT NOT NULL,
                        serverSkew REAL,
                        reason TEXT,
                        updated TEXT NOT NULL
                    );
                    CREATE INDEX requestByID ON request (requestID);
                    CREATE TABLE step (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        request INTEGER NOT NULL REFERENCES request (id),
                        state TEXT NOT NULL,
                        at TEXT NOT NULL
                    );
                    """
            )
        }
        migrator.registerMigration("removals and imported keys") { database in
            try database.execute(
                sql: """
                    CREATE TABLE removal (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        token TEXT NOT NULL,
                        area TEXT NOT NULL,
                        keyIdentifier BLOB NOT NULL,
                        label TEXT NOT NULL,
                        publicKey BLOB,
                        certificate BLOB,
                        request INTEGER,
                        begun TEXT NOT NULL,
                        state TEXT NOT NULL,
                        reason TEXT,
                        ended TEXT
                    );
                    CREATE TABLE importedKey (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        publicKeySHA256 TEXT NOT NULL,
                        keyIdentifier BLOB NOT NULL,
                        tokenLabel TEXT NOT NULL,
                        tokenSerial TEXT NOT NULL,
                        at TEXT NOT NULL
                    );
                    """
            )
        }
        migrator.registerMigration("handover orders") { database in
            try database.execute(
                sql: """
                    CREATE TABLE handoverOrder (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        kind TEXT NOT NULL,
                        subject TEXT NOT NULL,
                        authority TEXT NOT NULL,
                        reason TEXT,
                        message BLOB NOT NULL,
                        begun TEXT NOT NULL,
                        done TEXT
                    );
                    CREATE INDEX handoverOrderBySubject ON handoverOrder (kind, subject);
                    """
            )
        }
        migrator.registerMigration("renewals") { database in
            try database.execute(
                sql: """
                    ALTER TABLE request ADD COLUMN renewal TEXT;
                    ALTER TABLE request ADD COLUMN renewalOrder BLOB;
                    ALTER TABLE request ADD COLUMN signedOrder BLOB;
                    """
            )
        }
        migrator.registerMigration("why a CA refused") { database in
            try database.execute(sql: "ALTER TABLE request ADD COLUMN refusal TEXT")
        }
        migrator.registerMigration("the holder's word") { database in
            try database.execute(sql: "ALTER TABLE request ADD COLUMN decision TEXT")
        }
        migrator.registerMigration("an ID is one request's") { database in
            try settleSharedIDs(in: database)
            try database.execute(
                sql: "CREATE UNIQUE INDEX requestByAuthorityAndID ON request (authority, requestID)"
            )
        }
        migrator.registerMigration("backups of keys") { database in
            try database.execute(sql: "ALTER TABLE request ADD COLUMN backup TEXT")
        }
        return migrator
    }
}
