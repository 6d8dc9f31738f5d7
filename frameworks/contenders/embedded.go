// Package contenders is the data of the contenders that ship: a folder each with its
// manifest and sources. What they mean, the package above knows.
package contenders

import "embed"

// Files holds the contenders, the sources that some of them share and the
// toolchains they name: one line for each contender. A go.mod is named go.mod.in,
// because go:embed leaves out folders that are modules of their own.
//
//go:embed toolchains.yaml
//go:embed golang
//go:embed expressjs
//go:embed warp axum actix rocket
//go:embed bun/contender.yaml bun/main.js bun/package.json bun/package-lock.json
//go:embed dotnet7-aot dotnet8-aot dotnet9-aot dotnet10-aot dotnet10
//go:embed dotnet/*.* dotnet/dotnet7-aot
//go:embed avaje-jex robaho micronaut ktor vertx quarkus spring-boot-web spring-webflux kumuluz helidon
//go:embed *-native/contender.yaml
//go:embed rust/Cargo.toml rust/Cargo.lock rust/*/Cargo.toml rust/*/src
var Files embed.FS
