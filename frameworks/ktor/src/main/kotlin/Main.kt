package hello

import io.ktor.serialization.kotlinx.json.json
import io.ktor.server.application.install
import io.ktor.server.engine.embeddedServer
import io.ktor.server.plugins.contentnegotiation.ContentNegotiation
import io.ktor.server.response.respond
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import java.time.Year
import kotlinx.serialization.Serializable

@Serializable
data class ApplicationInfo(val name: String, val releaseYear: Int)

fun main() {
    val name = System.getenv("NAME")
    embeddedServer(engine, port = System.getenv("PORT").toInt()) {
        install(ContentNegotiation) { json() }
        routing {
            get("/hello") { call.respond(ApplicationInfo(name, Year.now().value)) }
        }
    }.start(wait = true)
}
