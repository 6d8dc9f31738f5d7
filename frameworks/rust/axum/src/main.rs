//! The contender axum: one route, with the defaults of axum and tokio.

use std::{env, error::Error, io, net::Ipv4Addr};

use axum::{Json, Router, routing::get};
use chrono::Datelike;
use serde::Serialize;
use tokio::net::TcpListener;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationInfo {
    name: &'static str,
    release_year: i32,
}

async fn hello() -> Json<ApplicationInfo> {
    Json(ApplicationInfo {
        name: "axum",
        release_year: chrono::Local::now().year(),
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT")?.parse()?;
    let stopped = told_to_stop()?;
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await?;
    println!("axum server started on port {port}");
    axum::serve(listener, Router::new().route("/hello", get(hello)))
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
