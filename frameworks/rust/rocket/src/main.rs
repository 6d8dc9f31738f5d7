//! The contender rocket: one route, with the defaults of Rocket's release profile.
//! Rocket takes its port from ROCKET_PORT and stops on SIGTERM by itself.

use chrono::Datelike;
use rocket::{
    get, launch, routes,
    serde::{Serialize, json::Json},
};

#[derive(Serialize)]
#[serde(crate = "rocket::serde", rename_all = "camelCase")]
struct ApplicationInfo {
    name: &'static str,
    release_year: i32,
}

#[get("/hello")]
fn hello() -> Json<ApplicationInfo> {
    Json(ApplicationInfo {
        name: "rocket",
        release_year: chrono::Local::now().year(),
    })
}

#[launch]
fn rocket() -> _ {
    rocket::build().mount("/", routes![hello])
}
