package hello

val engine = io.ktor.server.netty.Netty
