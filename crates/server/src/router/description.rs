//! The description of the API: OpenAPI, from the table of routes.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::StatusCode;
use utoipa::OpenApi as _;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder, RefOr};

use super::table;

/// As it is served: made when it is first asked for, which most servers never are.
static SERVED: LazyLock<Bytes> = LazyLock::new(|| description().into());

pub(super) fn served() -> Bytes {
    SERVED.clone()
}

/// The OpenAPI 3.1 document, as served at `/api/openapi.json` and printed by `rookery openapi`.
#[must_use]
pub fn description() -> String {
    let info = Info::new("Rookery", env!("CARGO_PKG_VERSION"));
    let description = OpenApiBuilder::new().info(info).build();
    let mut description = description.nest("/api/v1", table::Description::openapi());
    name_operations(&mut description);
    description.to_pretty_json().unwrap_or_else(|error| {
        tracing::error!(%error, "the API's description cannot be written");
        String::from("{}")
    })
}

/// Operations are named by method and path: handlers of different slices have the same names.
fn name_operations(description: &mut OpenApi) {
    for (path, item) in &mut description.paths.paths {
        let path = path.trim_start_matches("/api/v1/").replace(['{', '}'], "").replace('/', "_");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
            ("head", &mut item.head),
            ("options", &mut item.options),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{path}"));
                describe_answers(operation);
            }
        }
    }
}

/// OpenAPI asks for a description of every answer; where a handler has nothing to add, the status says it.
fn describe_answers(operation: &mut Operation) {
    for (status, answer) in &mut operation.responses.responses {
        let RefOr::T(answer) = answer else { continue };
        if answer.description.is_empty() {
            let reason = StatusCode::from_bytes(status.as_bytes()).ok();
            let reason = reason.and_then(|status| status.canonical_reason());
            answer.description = reason.unwrap_or("A problem").to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_and_their_answers_described() {
        let description: serde_json::Value = serde_json::from_str(&description()).unwrap();
        let items = description["paths"].as_object().unwrap().values();
        let operations: Vec<_> =
            items.flat_map(|item| item.as_object().unwrap().values()).collect();
        for answer in operations.iter().flat_map(|one| one["responses"].as_object().unwrap()) {
            assert!(answer.1["description"].is_string(), "OpenAPI asks for it: {answer:?}");
        }
        let names: Vec<&str> =
            operations.iter().filter_map(|operation| operation["operationId"].as_str()).collect();
        let unique: std::collections::HashSet<_> = names.iter().collect();
        assert!(names.len() > 50, "{names:?}");
        assert_eq!(unique.len(), names.len(), "{names:?}");
    }
}
