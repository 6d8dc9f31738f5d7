package hello

val engine = io.ktor.server.cio.CIO
