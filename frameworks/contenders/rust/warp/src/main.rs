//! The contender warp: the routes of all, with the defaults of warp and tokio.

use std::{env, error::Error, io, net::Ipv4Addr, time::Duration};

use chrono::Datelike;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use warp::{
    Filter, Reply,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderValue},
    },
    hyper::body::Bytes,
    reply::Response,
};

/// What a body may be at most.
const MAX_BODY: u64 = 1 << 20;

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

fn hello() -> Response {
    warp::reply::json(&ApplicationInfo {
        name: "warp",
        release_year: chrono::Local::now().year(),
    })
    .into_response()
}

fn json(JsonQuery { n }: JsonQuery) -> Response {
    if n > 10_000 {
        return StatusCode::BAD_REQUEST.into_response();
    }
    warp::reply::json(&items(n)).into_response()
}

fn echo(kind: Option<HeaderValue>, body: Bytes) -> Response {
    let mut reply = Response::new(body.into());
    if let Some(kind) = kind {
        reply.headers_mut().insert(CONTENT_TYPE, kind);
    }
    reply
}

async fn wait(WaitQuery { ms }: WaitQuery) -> Response {
    if ms > 10_000 {
        return StatusCode::BAD_REQUEST.into_response();
    }
    sleep(Duration::from_millis(ms)).await;
    hello()
}

fn work(WorkQuery { rounds }: WorkQuery) -> Response {
    if rounds > 1_000_000_000 {
        return StatusCode::BAD_REQUEST.into_response();
    }
    warp::reply::json(&Work { hash: fnv(rounds) }).into_response()
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
    let hello = warp::path!("hello").and(warp::get()).map(hello);
    let json = warp::path!("json")
        .and(warp::get())
        .and(warp::query())
        .map(json);
    let echo = warp::path!("echo")
        .and(warp::post())
        .and(warp::header::optional::<HeaderValue>("content-type"))
        .and(warp::body::content_length_limit(MAX_BODY))
        .and(warp::body::bytes())
        .map(echo);
    let wait = warp::path!("wait")
        .and(warp::get())
        .and(warp::query())
        .then(wait);
    let work = warp::path!("work")
        .and(warp::get())
        .and(warp::query())
        .map(work);
    let routes = hello.or(json).or(echo).or(wait).or(work);
    let server = warp::serve(routes)
        .bind((Ipv4Addr::UNSPECIFIED, port))
        .await;
    println!("warp server started on port {port}");
    server.graceful(stopped).run().await;
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
