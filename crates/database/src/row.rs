//! Rows that come out of a query, and how a column becomes a Rust value.

use std::sync::Arc;

use crate::{Error, Value};

/// One row of a result. Columns are numbered from 0, in the order of the `SELECT` list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Row {
        Row { values }
    }

    /// Column `index` as a `T`. A `NULL` needs `Option<T>`.
    ///
    /// # Errors
    /// [`Error::Decode`] if there is no such column, or it holds another type or a number out of `T`'s range.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, Error> {
        let value = self.value(index)?;
        T::from_value(value).ok_or_else(|| wrong_type(index, T::EXPECTED, value))
    }

    /// Column `index` as text, without copying it.
    ///
    /// # Errors
    /// [`Error::Decode`] if there is no such column or it is not text.
    pub fn text(&self, index: usize) -> Result<&str, Error> {
        match self.value(index)? {
            Value::Text(text) => Ok(text),
            other => Err(wrong_type(index, "text", other)),
        }
    }

    fn value(&self, index: usize) -> Result<&Value, Error> {
        self.values.get(index).ok_or_else(|| {
            Error::Decode(format!("column {index} of a row with {}", self.values.len()))
        })
    }
}

fn wrong_type(index: usize, expected: &str, found: &Value) -> Error {
    Error::Decode(format!("column {index}: expected {expected}, found {}", found.type_name()))
}

/// A Rust type that a column can become.
pub trait FromValue: Sized {
    /// What the column has to hold, for the error message.
    const EXPECTED: &'static str;

    /// `None` if the value has another type or does not fit.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! integer_from_value {
    ($($type:ty),*) => {$(
        impl FromValue for $type {
            const EXPECTED: &'static str = concat!("integer (", stringify!($type), ")");

            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Integer(number) => <$type>::try_from(*number).ok(),
                    _ => None,
                }
            }
        }
    )*};
}

integer_from_value!(i64, i32, i16, u64, u32, u16, u8, usize);

impl FromValue for bool {
    const EXPECTED: &'static str = "integer (0 or 1)";

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(0) => Some(false),
            Value::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl FromValue for String {
    const EXPECTED: &'static str = "text";

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FromValue for Arc<str> {
    const EXPECTED: &'static str = "text";

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(Arc::from(text.as_str())),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    const EXPECTED: &'static str = "blob";

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }
}

impl FromValue for Value {
    const EXPECTED: &'static str = "anything";

    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}
