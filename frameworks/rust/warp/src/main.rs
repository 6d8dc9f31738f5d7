//! The contender warp: one route, with the defaults of warp and tokio.

use std::{env, error::Error, io, net::Ipv4Addr};

use chrono::Datelike;
use serde::Serialize;
use warp::Filter;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationInfo {
    name: &'static str,
    release_year: i32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT")?.parse()?;
    let stopped = told_to_stop()?;
    let hello = warp::path!("hello").and(warp::get()).map(|| {
        warp::reply::json(&ApplicationInfo {
            name: "warp",
            release_year: chrono::Local::now().year(),
        })
    });
    let server = warp::serve(hello).bind((Ipv4Addr::UNSPECIFIED, port)).await;
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
