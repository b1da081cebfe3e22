// SPDX-License-Identifier: Apache-2.0

internal import GRDB

extension Journal {
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
        migrator.registerMigration("backups of keys") { database in
            try database.execute(sql: "ALTER TABLE request ADD COLUMN backup TEXT")
        }
        return migrator
    }
}
