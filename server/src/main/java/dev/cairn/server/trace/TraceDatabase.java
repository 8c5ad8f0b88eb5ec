package dev.cairn.server.trace;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
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

/** The SQLite file that holds traces: what makes it one, and how it is opened. */
record TraceDatabase(Path path) {
    /** "CRNT": tells our files from those of other programs. */
    private static final int APPLICATION = 0x43524e54;

    private static final int VERSION = 1;

    /** An answer waits no longer than this for another process that writes to the file. */
    private static final int PATIENCE_MILLIS = 250;

    /** Not the driver's transactions, which hold the lock from one commit on to the next. */
    static final String BEGIN = "BEGIN IMMEDIATE";

    static final String COMMIT = "COMMIT";
    static final String ROLLBACK = "ROLLBACK";

    private static final int LONGEST_LOG = 4 << 20;
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");

    /**
     * A mark with an empty stage is the answer's. The index of words keeps no text of its own; its
     * tokens are all triples of characters, so that it finds any part of any script.
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
                    "PRAGMA application_id = " + APPLICATION,
                    "PRAGMA user_version = " + VERSION);

    /**
     * A connection that may write; makes the file when there is none.
     *
     * @throws CairnException when it cannot be opened, or is none of ours
     */
    Connection writing() {
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
    Connection reading() throws SQLException {
        return connection(true);
    }

    private Connection connection(boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(PATIENCE_MILLIS);
        config.setReadOnly(readOnly);
        // As a URI: in a plain name the driver would take what follows a question mark for
        // settings.
        return config.createConnection("jdbc:sqlite:" + path.toUri());
    }

    /** It holds prompts, so nobody but its owner is to read it. SQLite's log files are alike. */
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
                            + ": traces cannot be kept here: "
                            + AtomicFiles.reason(e)
                            + "; choose another file, or keep none",
                    e);
        }
    }

    private void prepare(Connection connection) throws SQLException {
        // Nothing is changed in a file before it is known to be ours.
        if (number(connection, "SELECT count(*) FROM sqlite_master") > 0) {
            requireOurs(connection);
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA journal_size_limit = " + LONGEST_LOG);
            // With the log, a crash of the process loses nothing; one of the machine the latest.
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
        if (number(connection, "PRAGMA application_id") != APPLICATION) {
            throw new CairnException(
                    path
                            + ": is a database of another program, not of traces; choose another file");
        }
        long version = number(connection, "PRAGMA user_version");
        if (version != VERSION) {
            throw new CairnException(
                    "%s: expected traces of version %d, found %d, which a newer Cairn wrote; use that one, or choose another file"
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
                        ? path + ": is no file of traces; choose another file"
                        : path + ": traces cannot be kept here: " + reason(e),
                e);
    }

    /** What went wrong in a few words. */
    static String reason(SQLException e) {
        return switch (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> "another process has locked the file";
            case SQLITE_FULL -> "no space left on the disk";
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH -> "it may not be written";
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
