//! The contender actix: one route, with the defaults of actix-web, which stops on
//! SIGTERM by itself.

use std::{env, error::Error, net::Ipv4Addr};

use actix_web::{App, HttpServer, Responder, get, web::Json};
use chrono::Datelike;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationInfo {
    name: &'static str,
    release_year: i32,
}

#[get("/hello")]
async fn hello() -> impl Responder {
    Json(ApplicationInfo {
        name: "actix",
        release_year: chrono::Local::now().year(),
    })
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT")?.parse()?;
    let server =
        HttpServer::new(|| App::new().service(hello)).bind((Ipv4Addr::UNSPECIFIED, port))?;
    println!("actix server started on port {port}");
    server.run().await?;
    Ok(())
}
