//! The contender rocket: the routes of all, with the defaults of Rocket's release
//! profile. Rocket takes its port from ROCKET_PORT and stops on SIGTERM by itself.

use std::{io, time::Duration};

use chrono::Datelike;
use rocket::{
    Data, FromForm,
    data::ToByteUnit,
    form, get,
    http::{ContentType, Status},
    launch, post, routes,
    serde::{Serialize, json::Json},
    tokio::time::sleep,
};

#[derive(Serialize)]
#[serde(crate = "rocket::serde", rename_all = "camelCase")]
struct ApplicationInfo {
    name: &'static str,
    release_year: i32,
}

#[derive(Serialize)]
#[serde(crate = "rocket::serde", rename_all = "camelCase")]
struct Item {
    id: u32,
    name: String,
    in_stock: bool,
}

#[derive(Serialize)]
#[serde(crate = "rocket::serde")]
struct Work {
    hash: u32,
}

#[derive(FromForm)]
struct JsonQuery {
    #[field(default = 50, validate = range(..=10_000))]
    n: u32,
}

#[derive(FromForm)]
struct WaitQuery {
    #[field(default = 20, validate = range(..=10_000))]
    ms: u64,
}

#[derive(FromForm)]
struct WorkQuery {
    #[field(default = 1_000_000, validate = range(..=1_000_000_000))]
    rounds: u32,
}

#[get("/hello")]
fn hello() -> Json<ApplicationInfo> {
    Json(ApplicationInfo {
        name: "rocket",
        release_year: chrono::Local::now().year(),
    })
}

#[get("/json?<query..>")]
fn json(query: form::Result<'_, JsonQuery>) -> Result<Json<Vec<Item>>, Status> {
    let query = query.map_err(|_| Status::BadRequest)?;
    Ok(Json(items(query.n)))
}

#[post("/echo", data = "<body>")]
async fn echo(
    kind: Option<&ContentType>,
    body: Data<'_>,
) -> io::Result<Result<(ContentType, Vec<u8>), Status>> {
    let body = body.open(1.mebibytes()).into_bytes().await?;
    if !body.is_complete() {
        return Ok(Err(Status::PayloadTooLarge));
    }
    let kind = kind.cloned().unwrap_or(ContentType::Binary);
    Ok(Ok((kind, body.into_inner())))
}

#[get("/wait?<query..>")]
async fn wait(query: form::Result<'_, WaitQuery>) -> Result<Json<ApplicationInfo>, Status> {
    let query = query.map_err(|_| Status::BadRequest)?;
    sleep(Duration::from_millis(query.ms)).await;
    Ok(hello())
}

#[get("/work?<query..>")]
fn work(query: form::Result<'_, WorkQuery>) -> Result<Json<Work>, Status> {
    let query = query.map_err(|_| Status::BadRequest)?;
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

#[launch]
fn rocket() -> _ {
    rocket::build().mount("/", routes![hello, json, echo, wait, work])
}
