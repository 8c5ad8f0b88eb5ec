package dev.cairn.server.trace;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** The SQLite file of traces: its schema, and how it is opened. */
record TraceDatabase(Path path) {
    /** "CRNT", which distinguishes Cairn's files from those of other programs. */
    private static final int APPLICATION_ID = 0x43524e54;

    private static final int VERSION = 1;

    /** How long to wait for another process that is writing to the file. */
    private static final int BUSY_TIMEOUT_MILLIS = 250;

    /**
     * Used in place of the driver's own transactions, which would hold the lock from one commit to
     * the next.
     */
    static final String BEGIN = "BEGIN IMMEDIATE";

    static final String COMMIT = "COMMIT";
    static final String ROLLBACK = "ROLLBACK";

    private static final int MAX_LOG_BYTES = 4 << 20;
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");

    /**
     * A mark with an empty stage belongs to the completion. The word index stores no text of its
     * own; it indexes all trigrams, so it finds any part of a word in any script.
     */
    private static final List<String> SCHEMA =
            List.of(
                    """
                    CREATE TABLE traces (
                      number INTEGER PRIMARY KEY,
                      id TEXT NOT NULL UNIQUE,
                      created INTEGER NOT NULL,
                      model TEXT NOT NULL,
                      input TEXT NOT NULL,
                      given TEXT NOT NULL,
                      answer TEXT NOT NULL,
                      millis REAL NOT NULL,
                      finish_reason TEXT NOT NULL,
                      stages TEXT NOT NULL)\
                    """,
                    """
                    CREATE TABLE marks (
                      trace INTEGER NOT NULL,
                      stage TEXT NOT NULL,
                      mark TEXT NOT NULL,
                      PRIMARY KEY (trace, stage)) WITHOUT ROWID\
                    """,
                    """
                    CREATE VIRTUAL TABLE words USING fts5(
                      text, content='', contentless_delete=1, tokenize='trigram')\
                    """,
                    """
                    CREATE TRIGGER forget AFTER DELETE ON traces BEGIN
                      DELETE FROM words WHERE rowid = old.number;
                      DELETE FROM marks WHERE trace = old.number;
                    END\
                    """,
                    "PRAGMA application_id = " + APPLICATION_ID,
                    "PRAGMA user_version = " + VERSION);

    /**
     * A connection that may write; creates the file if there is none.
     *
     * @throws CairnException if the file cannot be opened, or is not a file of traces
     */
    Connection openForWriting() {
        makePrivate();
        Connection connection = null;
        try {
            connection = connection(false);
            prepare(connection);
            return connection;
        } catch (SQLException e) {
            close(connection);
            throw unusable(e);
        } catch (RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    /** A connection that may only read. */
    Connection openForReading() throws SQLException {
        return connection(true);
    }

    private Connection connection(boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setReadOnly(readOnly);
        // As a URI, because in a plain path the driver would parse the part after a question mark
        // as settings.
        return config.createConnection("jdbc:sqlite:" + path.toUri());
    }

    /**
     * Makes the file readable only by its owner, because it contains prompts. SQLite gives its log
     * the same mode.
     */
    private void makePrivate() {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            PosixFileAttributeView posix =
                    Files.getFileAttributeView(
                            path.toAbsolutePath().getParent(), PosixFileAttributeView.class);
            FileAttribute<?>[] attributes =
                    posix == null
                            ? new FileAttribute<?>[0]
                            : new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PRIVATE)
                            };
            try {
                Files.createFile(path, attributes);
            } catch (FileAlreadyExistsException e) {
                if (posix != null && Files.isRegularFile(path)) {
                    Files.setPosixFilePermissions(path, PRIVATE);
                }
            }
        } catch (IOException e) {
            throw new CairnException(
                    path
                            + ": traces cannot be stored here: "
                            + AtomicFiles.reason(e)
                            + "; choose another file, or store none",
                    e);
        }
    }

    private void prepare(Connection connection) throws SQLException {
        // Changes nothing in a file that may belong to another program.
        if (number(connection, "SELECT count(*) FROM sqlite_master") > 0) {
            requireOurs(connection);
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA journal_size_limit = " + MAX_LOG_BYTES);
            // With the log, a crash of the process loses nothing, and a crash of the machine only
            // the latest traces.
            statement.executeUpdate("PRAGMA synchronous = NORMAL");
            statement.execute("PRAGMA secure_delete = ON");
            statement.executeUpdate(BEGIN);
            if (number(connection, "SELECT count(*) FROM sqlite_master") == 0) {
                for (String part : SCHEMA) {
                    statement.executeUpdate(part);
                }
            }
            statement.executeUpdate(COMMIT);
        }
    }

    private void requireOurs(Connection connection) throws SQLException {
        if (number(connection, "PRAGMA application_id") != APPLICATION_ID) {
            throw new CairnException(
                    path + ": is a database of another program; choose another file");
        }
        long version = number(connection, "PRAGMA user_version");
        if (version != VERSION) {
            throw new CairnException(
                    "%s: expected traces of version %d, found %d, written by a newer Cairn; use that one, or choose another file"
                            .formatted(path, VERSION, version));
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private CairnException unusable(SQLException e) {
        return new CairnException(
                e.getErrorCode() == SQLiteErrorCode.SQLITE_NOTADB.code
                        ? path + ": is not a file of traces; choose another file"
                        : path + ": traces cannot be stored here: " + reason(e),
                e);
    }

    /** What went wrong, in a few words. */
    static String reason(SQLException e) {
        return switch (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> "another process has locked the file";
            case SQLITE_FULL -> "no space left on the disk";
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH -> "it is read-only";
            case SQLITE_CANTOPEN -> "it cannot be opened";
            case SQLITE_CORRUPT, SQLITE_NOTADB -> "the file is damaged";
            default -> String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        };
    }

    static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            return; // what was committed is in the file
        }
    }
}
