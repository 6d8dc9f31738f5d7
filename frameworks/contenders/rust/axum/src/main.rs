//! The contender axum: the routes of all, with the defaults of axum and tokio.

use std::{env, error::Error, io, net::Ipv4Addr, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::Query,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, time::sleep};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationInfo {
    name: &'static str,
    release_year: i32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: u32,
    name: String,
    in_stock: bool,
}

#[derive(Serialize)]
struct Work {
    hash: u32,
}

#[derive(Deserialize)]
#[serde(default)]
struct JsonQuery {
    n: u32,
}

impl Default for JsonQuery {
    fn default() -> Self {
        Self { n: 50 }
    }
}

#[derive(Deserialize)]
#[serde(default)]
struct WaitQuery {
    ms: u64,
}

impl Default for WaitQuery {
    fn default() -> Self {
        Self { ms: 20 }
    }
}

#[derive(Deserialize)]
#[serde(default)]
struct WorkQuery {
    rounds: u32,
}

impl Default for WorkQuery {
    fn default() -> Self {
        Self { rounds: 1_000_000 }
    }
}

async fn hello() -> Json<ApplicationInfo> {
    Json(ApplicationInfo {
        name: "axum",
        release_year: chrono::Local::now().year(),
    })
}

async fn json(Query(JsonQuery { n }): Query<JsonQuery>) -> Result<Json<Vec<Item>>, StatusCode> {
    if n > 10_000 {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(Json(items(n)))
}

async fn echo(headers: HeaderMap, body: Bytes) -> Response {
    let mut reply = body.into_response();
    match headers.get(CONTENT_TYPE) {
        Some(kind) => reply.headers_mut().insert(CONTENT_TYPE, kind.clone()),
        None => reply.headers_mut().remove(CONTENT_TYPE),
    };
    reply
}

async fn wait(
    Query(WaitQuery { ms }): Query<WaitQuery>,
) -> Result<Json<ApplicationInfo>, StatusCode> {
    if ms > 10_000 {
        return Err(StatusCode::BAD_REQUEST);
    }
    sleep(Duration::from_millis(ms)).await;
    Ok(hello().await)
}

async fn work(Query(WorkQuery { rounds }): Query<WorkQuery>) -> Result<Json<Work>, StatusCode> {
    if rounds > 1_000_000_000 {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(Json(Work { hash: fnv(rounds) }))
}

fn items(n: u32) -> Vec<Item> {
    (1..=n)
        .map(|id| Item {
            id,
            name: format!("item {id}"),
            in_stock: id % 2 == 0,
        })
        .collect()
}

/// Chains one multiplication after the other, so that its time is the processor's and
/// not the compiler's: FNV-1a over 0, 1, 2 and so on.
fn fnv(rounds: u32) -> u32 {
    let mut hash: u32 = 2_166_136_261;
    for i in 0..rounds {
        hash = (hash ^ i).wrapping_mul(16_777_619);
    }
    hash
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT")?.parse()?;
    let stopped = told_to_stop()?;
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await?;
    println!("axum server started on port {port}");
    let routes = Router::new()
        .route("/hello", get(hello))
        .route("/json", get(json))
        .route("/echo", post(echo))
        .route("/wait", get(wait))
        .route("/work", get(work));
    axum::serve(listener, routes)
        .with_graceful_shutdown(stopped)
        .await?;
    Ok(())
}

/// Ends on SIGTERM or an interrupt.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
    })
}

/// Ends on an interrupt.
#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
