//! The contender actix: the routes of all, with the defaults of actix-web, which stops
//! on SIGTERM by itself.

use std::{env, error::Error, net::Ipv4Addr, time::Duration};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, Responder,
    error::ErrorBadRequest,
    get,
    http::header::CONTENT_TYPE,
    post,
    rt::time::sleep,
    web::{Bytes, Json, PayloadConfig, Query},
};
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// What a body may be at most; the default is 256 KiB.
const MAX_BODY: usize = 1 << 20;

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

fn info() -> Json<ApplicationInfo> {
    Json(ApplicationInfo {
        name: "actix",
        release_year: chrono::Local::now().year(),
    })
}

#[get("/hello")]
async fn hello() -> impl Responder {
    info()
}

#[get("/json")]
async fn json(query: Query<JsonQuery>) -> actix_web::Result<Json<Vec<Item>>> {
    if query.n > 10_000 {
        return Err(ErrorBadRequest("n: a number from 0 to 10000"));
    }
    Ok(Json(items(query.n)))
}

#[post("/echo")]
async fn echo(request: HttpRequest, body: Bytes) -> impl Responder {
    let mut reply = HttpResponse::Ok();
    if let Some(kind) = request.headers().get(CONTENT_TYPE) {
        reply.insert_header((CONTENT_TYPE, kind.clone()));
    }
    reply.body(body)
}

#[get("/wait")]
async fn wait(query: Query<WaitQuery>) -> actix_web::Result<Json<ApplicationInfo>> {
    if query.ms > 10_000 {
        return Err(ErrorBadRequest("ms: a number from 0 to 10000"));
    }
    sleep(Duration::from_millis(query.ms)).await;
    Ok(info())
}

#[get("/work")]
async fn work(query: Query<WorkQuery>) -> actix_web::Result<Json<Work>> {
    if query.rounds > 1_000_000_000 {
        return Err(ErrorBadRequest("rounds: a number from 0 to 1000000000"));
    }
    Ok(Json(Work {
        hash: fnv(query.rounds),
    }))
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

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT")?.parse()?;
    let server = HttpServer::new(|| {
        App::new()
            .app_data(PayloadConfig::new(MAX_BODY))
            .service(hello)
            .service(json)
            .service(echo)
            .service(wait)
            .service(work)
    })
    .bind((Ipv4Addr::UNSPECIFIED, port))?;
    println!("actix server started on port {port}");
    server.run().await?;
    Ok(())
}
