/// Why the database could not do its work.
///
/// It never prints the values of rows: they may be secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// No connection became free, or none could be made, in time.
    #[error("no database connection is available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database refused or failed a statement.
    #[error("a database statement failed: {0}")]
    Statement(String),
    /// A row would break a unique constraint.
    #[error("a row with the same value exists already: {constraint}")]
    Duplicate {
        /// Name of the constraint or index.
        constraint: String,
    },
    /// A transaction was to be committed in which a statement had failed; nothing of it lasts.
    #[error("a statement of the transaction failed, so nothing of it was stored: pass its error on")]
    Aborted,
    /// A row holds something that the program does not understand.
    #[error("column {column} holds a value that this version does not know: run the newest server")]
    UnknownValue {
        /// Table and column.
        column: &'static str,
    },
}

impl From<diesel::result::Error> for DbError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind::UniqueViolation, Error::DatabaseError};
        match &error {
            DatabaseError(UniqueViolation, details) => {
                Self::Duplicate { constraint: details.constraint_name().unwrap_or_default().to_owned() }
            }
            // The message names constraint and column; the details, which hold values, are left out.
            DatabaseError(kind, details) => Self::Statement(format!("{kind:?}: {}", details.message())),
            _ => Self::Statement(error.to_string()),
        }
    }
}
